import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { type MemWorkParams, total } from './params.js';

/** Bytes that a step reads and changes. */
const SLICE = 32;
const utf8 = new TextEncoder();

/**
 * MEM_WORK in plain TypeScript, which the kernels are tested against: a walk through a memory that the seed fills,
 * where each step hashes what it finds, changes it and learns where to go next. Throws a RangeError when the
 * memory cannot be had.
 */
export function reference(params: MemWorkParams, nonce: string): Uint8Array {
  const seed = hexToBytes(params.seed);
  const memory = fill(total(params), seed);
  let acc = sha256(concatBytes(utf8.encode('acc:'), seed, utf8.encode(params.challenge), utf8.encode(nonce)));
  let place = firstWord(acc) % memory.length;
  for (let step = 0; step < params.steps; step++) {
    // Cut at the end of the memory: it never wraps.
    const slice = memory.subarray(place, place + SLICE);
    acc = sha256(concatBytes(acc, slice, littleEndian(step)));
    for (const [i, byte] of slice.entries()) slice[i] = byte ^ (acc[i] ?? 0);
    // The sum is a 32-bit word first, which makes a difference when the size does not divide 2^32.
    place = ((place + 1 + firstWord(acc)) >>> 0) % memory.length;
  }
  return acc;
}

/** The memory that all nonces begin with: a chain of hashes, of which the last one may be cut. */
function fill(size: number, seed: Uint8Array): Uint8Array {
  const memory = new Uint8Array(size);
  let link = sha256(concatBytes(utf8.encode('init:'), seed));
  for (let offset = 0; offset < size; offset += link.length) {
    link = sha256(link);
    memory.set(link.subarray(0, size - offset), offset);
  }
  return memory;
}

function firstWord(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

function littleEndian(word: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, word, true);
  return bytes;
}
