import type { Clock } from '../clock.js';
import type { Random } from '../random.js';

/**
 * A new id: UUID version 7 (RFC 9562 §5.7), 16 bytes. It begins with the milliseconds since the epoch, so
 * that rows are inserted at the end of their index; the other 74 bits are random.
 */
export function uuidv7(clock: Clock, random: Random): Uint8Array {
  const time = Math.floor(clock.now()).toString(16).padStart(12, '0');
  const id = Uint8Array.from(Buffer.from(time + random.hex(10), 'hex'));
  const [version = 0, variant = 0] = [id[6], id[8]];
  id[6] = (version & 0x0f) | 0x70;
  id[8] = (variant & 0x3f) | 0x80;
  return id;
}

/** The text of RFC 9562 §4, lower case. */
export function uuidText(id: Uint8Array): string {
  const hex = Buffer.from(id).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The 16 bytes of a UUID's text of any version, either case; null when it is none. */
export function uuidBytes(text: string): Uint8Array | null {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return null;
  return Uint8Array.from(Buffer.from(text.replaceAll('-', ''), 'hex'));
}
