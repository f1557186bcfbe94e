import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { digestOf, seedsOf, TABLE } from './frame.js';
import type { Argon2dChainParams } from './params.js';

/** Words of a block of 1,024 bytes. */
const BLOCK = 256;
const utf8 = new TextEncoder();
/** The little-endian word at each byte of the table, which is a circle. */
const TABLE_WORDS = wordsAtEachByte(TABLE);

/**
 * ARGON2D_CHAIN in plain TypeScript, which the kernels are tested against: memory filled by a chain of
 * hashes, then passes that mix every block with the one before it and one that the data chooses. Nothing of
 * Argon2 (RFC 9106) but this outline is in it. Throws a RangeError when the memory cannot be had.
 */
export function reference(params: Argon2dChainParams, nonce: string): Uint8Array {
  const seeds = seedsOf(params, nonce);
  const memory = fill(params.memBlocks, seeds.fill);
  let state = seeds.state;
  for (let p = 0; p < params.passes; p++) state = pass(memory, p, state);
  return digestOf(bytesOf(memory.subarray(-BLOCK)), state);
}

function fill(blocks: number, seed: Uint8Array): Uint32Array {
  const memory = new Uint32Array(blocks * BLOCK);
  let link = seed;
  for (let i = 0; i < memory.length; i += 8) {
    link = sha256(link);
    memory.set(wordsOf(link), i);
  }
  return memory;
}

/** Pass number `p` over all blocks; answers the global state after it. */
function pass(memory: Uint32Array, p: number, state: Uint8Array): Uint8Array {
  const blocks = memory.length / BLOCK;
  const block = (d: number) => memory.subarray((d & (blocks - 1)) * BLOCK, ((d & (blocks - 1)) + 1) * BLOCK);
  for (let d = 0; d < blocks; d++) {
    const previous = block(d - 1);
    const chosen =
      at(wordsOf(state), d & 7) ^ at(previous, d + 17 * p) ^ at(previous, d + 71) ^ at(TABLE_WORDS, d ^ p);
    const mixed = mixBlocks(previous, block(chosen), d, p);
    const target = block(d);
    for (let k = 0; k < BLOCK; k++) target[k] = at(target, k) ^ at(mixed, k);

    if ((d + 1) % 2048 === 0) {
      const samples = Uint32Array.from({ length: 8 }, (_, k) => at(block(d + 997 * k), 31 * k));
      state = sha256(concatBytes(state, bytesOf(samples)));
      const first = at(wordsOf(state), 0);
      for (let j = 0; j < 16; j++) block(d + j)[0] = at(block(d + j), 0) ^ rotl(first, j);
    }
  }
  return sha256(concatBytes(state, utf8.encode('pass'), bytesOf(Uint32Array.of(p))));
}

/** What block `d` is changed by in pass `p`. */
function mixBlocks(previous: Uint32Array, chosen: Uint32Array, d: number, p: number): Uint32Array {
  const t = new Uint32Array(BLOCK);
  for (let k = 0; k < BLOCK; k++) {
    const u = mix((at(TABLE_WORDS, d + 7 * k) ^ p ^ 0x243f6a88) + at(previous, k) + at(chosen, k));
    t[k] = mix(u + at(previous, k + 13) + (d ^ 0x85a308d3));
  }
  // In place: the last words read first ones that are new already.
  for (let k = 0; k < BLOCK; k++) t[k] = at(t, k) ^ rotl(at(t, k + 1), at(t, k + 17));
  return t;
}

function mix(x: number): number {
  x ^= rotl(x, 7);
  x = Math.imul(x ^ 0x9e3779b9, x | 1);
  return x ^ rotl(x, 13);
}

/** Word `i` of a block, a state or the table, all of them circles of a power of two words. */
function at(words: Uint32Array, i: number): number {
  return words[i & (words.length - 1)] ?? 0;
}

/** Rotates a 32-bit word left by `bits` modulo 32, which is how shifts count. */
function rotl(x: number, bits: number): number {
  return (x << bits) | (x >>> -bits);
}

function wordsAtEachByte(circle: Uint8Array): Uint32Array {
  const twice = concatBytes(circle, circle);
  return Uint32Array.from(circle, (_, i) => at(wordsOf(twice.subarray(i, i + 4)), 0));
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const words = new Uint32Array(bytes.length / 4);
  for (let i = 0; i < words.length; i++) words[i] = view.getUint32(4 * i, true);
  return words;
}

function bytesOf(words: Uint32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(words.length * 4));
  for (const [i, word] of words.entries()) view.setUint32(4 * i, word, true);
  return new Uint8Array(view.buffer);
}
