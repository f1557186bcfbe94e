import { hash } from '../sha256/message';
import { BLOCK } from './block';

/** How many blocks lie between two global transforms. */
export const GLOBAL_EVERY: u32 = 2048;

/** The state and what is hashed behind it. */
const message: usize = memory.data(64, 16);
const PASS: u32 = 0x73736170; // "pass", little-endian

/** After block `d` the state takes in samples of eight blocks, and sixteen blocks a word of it. */
export function globalTransform(base: usize, mask: u32, d: u32, state: usize): void {
  memory.copy(message, state, 32);
  for (let k: u32 = 0; k < 8; k++) {
    store<u32>(message + 32 + k * 4, load<u32>(base + ((d + 997 * k) & mask) * BLOCK + 31 * k * 4));
  }
  hash(state, message, 64);
  for (let j: u32 = 0; j < 16; j++) {
    const word = base + ((d + j) & mask) * BLOCK;
    store<u32>(word, load<u32>(word) ^ rotl<u32>(load<u32>(state), j));
  }
}

/** After pass `p` the state takes in the number of the pass. */
export function endPass(state: usize, p: u32): void {
  memory.copy(message, state, 32);
  store<u32>(message + 32, PASS);
  store<u32>(message + 36, p);
  hash(state, message, 40);
}
