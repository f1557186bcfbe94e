import { compress, loadBlock } from './sha256/compress';
import { lessOrEqual, or, splat } from './sha256/lanes';
import { absorbBlocks, hashes, input, prefix, spread, storeDigests } from './sha256/nonces';

export { absorb, digests, input, reset } from './sha256/nonces';

const chained: usize = memory.data(32, 16);
// Room for four lanes; the scalar build uses a quarter.
const midstate: usize = memory.data(128, 16);
const words: usize = memory.data(256, 16);
const digest: usize = memory.data(128, 16);

/** "00" to "99" as big-endian half words: two of them are the four digits that one message word holds. */
const PAIRS: usize = memory.data(400, 16);
for (let n: u32 = 0; n < 100; n++) store<u32>(PAIRS + n * 4, ((0x30 + n / 10) << 8) | (0x30 + (n % 10)));

/** See sha256/nonces; leaves `digests` each time. */
export function absorbLanes(first: bool): void {
  if (ASC_FEATURE_SIMD) absorbT<v128>(first);
  else absorbT<u32>(first);
}

function absorbT<T>(first: bool): void {
  absorbBlocks<T>(first);
  storeDigests<T>(hashes);
}

/**
 * Ends what was absorbed with the `blocks` (1 or 2) padded blocks at `input` and tries the decimal suffixes `from`
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

  let state = prefix;
  if (blocks == 2) {
    loadBlock<u32>(words, input);
    compress<u32>(chained, prefix, words);
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
