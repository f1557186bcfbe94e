import { compress, loadBlock } from './sha256/compress';
import { INITIAL_STATE } from './sha256/constants';
import { lessOrEqual, or, splat } from './sha256/lanes';

/** Where the caller puts message bytes: one block for `absorb`, the last one or two for `scan`. */
export const input: usize = memory.data(128, 16);

const absorbed: usize = memory.data(32, 16);
const chained: usize = memory.data(32, 16);
// Room for four lanes; the scalar build uses a quarter.
const midstate: usize = memory.data(128, 16);
const words: usize = memory.data(256, 16);
const digest: usize = memory.data(128, 16);

/** "00" to "99" as big-endian half words: two of them are the four digits that one message word holds. */
const PAIRS: usize = memory.data(400, 16);
for (let n: u32 = 0; n < 100; n++) store<u32>(PAIRS + n * 4, ((0x30 + n / 10) << 8) | (0x30 + (n % 10)));

/** Starts a message. */
export function reset(): void {
  spread<u32>(absorbed, INITIAL_STATE);
}

/** Hashes the block at `input` into the message. */
export function absorb(): void {
  loadBlock<u32>(words, input);
  compress<u32>(absorbed, absorbed, words);
}

/**
 * Ends the message with the `blocks` (1 or 2) padded blocks at `input` and tries the decimal suffixes `from`
 * to 9999 in word `word` of the last block. Answers the first suffix whose digest begins with a word <=
 * `limit`, or -1. What was absorbed stays, so that the next call may bring another tail.
 */
export function scan(blocks: u32, word: u32, from: u32, limit: u32): i32 {
  if (ASC_FEATURE_SIMD) return walk<v128>(blocks, word, from, limit);
  return walk<u32>(blocks, word, from, limit);
}

function walk<T>(blocks: u32, word: u32, from: u32, limit: u32): i32 {
  const lanes: u32 = sizeof<T>() / 4;
  const suffix = words + word * sizeof<T>();
  const ceiling = splat<T>(limit);

  let state = absorbed;
  if (blocks == 2) {
    loadBlock<u32>(words, input);
    compress<u32>(chained, absorbed, words);
    state = chained;
  }
  spread<T>(midstate, state);
  loadBlock<T>(words, input + (blocks - 1) * 64);

  // The lanes of the first group that lie before `from` do not count. A group never straddles a hundred.
  let wanted = -1 << (from % lanes);
  for (let n = from - (from % lanes); n < 10000; n += lanes) {
    const hundreds = splat<T>(load<u32>(PAIRS + (n / 100) * 4) << 16);
    store<T>(suffix, or<T>(hundreds, load<T>(PAIRS + (n % 100) * 4)));
    compress<T>(digest, midstate, words);
    const hits = lessOrEqual<T>(load<T>(digest), ceiling) & wanted;
    if (hits) return n + ctz(hits);
    wanted = -1;
  }
  return -1;
}

/** Copies the eight words of a state, each to every lane. */
function spread<T>(to: usize, from: usize): void {
  for (let i: usize = 0; i < 8; i++) store<T>(to + i * sizeof<T>(), splat<T>(load<u32>(from + i * 4)));
}
