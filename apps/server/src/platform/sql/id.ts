import type { Clock } from '../clock.js';
import type { Random } from '../random.js';

/**
 * A new id: UUID version 7 (RFC 9562 §5.7), 16 bytes. It begins with the milliseconds since the epoch, so
 * that rows are inserted at the end of their index; the other 74 bits are random.
 */
export function uuidv7(clock: Clock, random: Random): Uint8Array {
  const id = new Uint8Array(16);
  const time = Math.floor(clock.now());
  const view = new DataView(id.buffer);
  view.setUint32(0, Math.floor(time / 0x1_0000));
  view.setUint16(4, time % 0x1_0000);
  id.set(Buffer.from(random.hex(10), 'hex'), 6);
  const [version = 0, variant = 0] = [id[6], id[8]];
  id[6] = (version & 0x0f) | 0x70;
  id[8] = (variant & 0x3f) | 0x80;
  return id;
}

/** The text of RFC 9562 §4, lower case. */
export function uuidText(id: Uint8Array): string {
  const hex = Buffer.from(id.buffer, id.byteOffset, id.length).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The 16 bytes of a UUID's text of any version, either case; null when it is none. */
export function uuidBytes(text: string): Uint8Array | null {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return null;
  const hex = text.slice(0, 8) + text.slice(9, 13) + text.slice(14, 18) + text.slice(19, 23) + text.slice(24);
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
