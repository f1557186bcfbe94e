import { FRAME_SIZE, MAX_FRAME } from '@blindpost/protocol/relay';
import { localError } from './errors.js';

/** The largest padded text the relay takes, in bytes: whole frames within MAX_FRAME. */
export const MAX_PADDED = Math.floor(MAX_FRAME / FRAME_SIZE) * FRAME_SIZE;

const SPACES = ' '.repeat(FRAME_SIZE);

/**
 * Fills JSON text with trailing spaces to a multiple of FRAME_SIZE bytes, so that its length tells an observer
 * no more than a size class. Plain spaces will do: nothing compresses them, and TLS hides them.
 */
export function pad(json: string): string {
  const over = utf8Length(json) % FRAME_SIZE;
  return over === 0 ? json : json + SPACES.slice(over);
}

/**
 * The text of a frame, not padded yet: it is kept until answered, and sent padded.
 * @throws RelayError `too_large` when it exceeds {@link MAX_PADDED}
 */
export function encodeFrame(frame: object): string {
  const json = JSON.stringify(frame);
  // A unit is at most three bytes, so most frames need no count.
  if (json.length * 3 > MAX_PADDED && utf8Length(json) > MAX_PADDED)
    throw localError('too_large', { max: MAX_PADDED });
  return json;
}

/** Bytes of `text` in UTF-8, without encoding it; a lone surrogate counts as U+FFFD. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) {
      bytes += 1;
    } else {
      bytes += 2;
      // A surrogate pair is two units but four bytes, not six.
      if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) i++;
    }
  }
  return bytes;
}
