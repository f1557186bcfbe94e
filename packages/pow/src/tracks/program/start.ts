import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';

const GOLDEN = 0x9e3779b9;
const utf8 = new TextEncoder();

/** The hash all of a nonce's state is made from: of the two texts and the nonce, bars between them. */
export function startOf({ challenge, seed }: { challenge: string; seed: string }, nonce: string): Uint8Array {
  return sha256(utf8.encode(`${challenge}|${seed}|${nonce}`));
}

/** The sixteen registers at the beginning. */
export function registersOf(start: Uint8Array): Uint32Array {
  const words = wordsOf(start);
  return Uint32Array.from({ length: 16 }, (_, i) => (words[i % 8] ?? 0) ^ Math.imul(GOLDEN, i + 1));
}

/** Memory of `count` words, a multiple of eight: the chain of hashes that begins with the one of tag and start. */
export function memoryOf(tag: string, start: Uint8Array, count: number): Uint32Array {
  const memory = new Uint32Array(count);
  let link = tagged(tag, start);
  for (let i = 0; i < count; i += 8) {
    link = sha256(link);
    memory.set(wordsOf(link), i);
  }
  return memory;
}

export function tagged(tag: string, start: Uint8Array): Uint8Array {
  return sha256(concatBytes(utf8.encode(tag), start));
}

/** Little-endian words. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true));
}

/** The bytes of words, little-endian. */
export function bytesOf(words: Iterable<number>): Uint8Array {
  const all = [...words];
  const view = new DataView(new ArrayBuffer(all.length * 4));
  for (const [i, word] of all.entries()) view.setUint32(4 * i, word, true);
  return new Uint8Array(view.buffer);
}

/** Rotates a 32-bit word left; shifts count modulo 32. */
export function rotl(x: number, bits: number): number {
  return (x << bits) | (x >>> -bits);
}
