import { randomBytes, randomInt } from 'node:crypto';

const SPACES = Buffer.from(' \t\n\r');
const POOL = 1 << 16;
/** Random white space, drawn once; a pad is a slice from a random place, so equal answers look different. */
const WHITE = randomBytes(2 * POOL).map((byte) => SPACES[byte & 3] ?? 0x20);

/** The next whole multiple of `unit` bytes that holds `length`, at least one. */
export function paddedLength(length: number, unit: number): number {
  return Math.max(1, Math.ceil(length / unit)) * unit;
}

/** Fills `buffer` from `start` with random white space, which JSON parsers skip. */
export function fillWhite(buffer: Buffer, start: number): void {
  for (let at = start; at < buffer.length; at += POOL) {
    const from = randomInt(POOL);
    buffer.set(WHITE.subarray(from, from + Math.min(POOL, buffer.length - at)), at);
  }
}

/** JSON text padded with random white space to a whole multiple of `unit` bytes (architecture document 3.1). */
export function padJson(text: string, unit: number): Buffer {
  const length = Buffer.byteLength(text);
  const padded = Buffer.allocUnsafe(paddedLength(length, unit));
  padded.write(text, 0, 'utf8');
  fillWhite(padded, length);
  return padded;
}
