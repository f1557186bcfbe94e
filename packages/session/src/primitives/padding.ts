import { SessionError } from '../error.js';
import { MAX_PLAINTEXT, PADDING } from '../limits.js';

const MARK = 0x80;

/**
 * The plaintext, 0x80 and zeros up to a multiple of 256 bytes (ISO/IEC 7816-4).
 * @throws SessionError `too_long`
 */
export function pad(plaintext: Uint8Array): Uint8Array {
  if (plaintext.length > MAX_PLAINTEXT) throw new SessionError('too_long');
  const padded = new Uint8Array(Math.ceil((plaintext.length + 1) / PADDING) * PADDING);
  padded.set(plaintext);
  padded[plaintext.length] = MARK;
  return padded;
}

/** @throws SessionError `bad_message` when `pad` did not make it */
export function unpad(padded: Uint8Array): Uint8Array {
  const end = padded.findLastIndex((byte) => byte !== 0);
  // One plaintext has one padding: as short as it can be.
  if (padded.length % PADDING !== 0 || padded.length - end > PADDING || padded[end] !== MARK) {
    throw new SessionError('bad_message');
  }
  return padded.slice(0, end);
}
