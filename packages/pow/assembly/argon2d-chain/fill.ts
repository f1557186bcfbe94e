import { link, loadLane, padLink, storeLane } from '../sha256/chain32';
import { highPairs, highWords, lowPairs, lowWords } from '../mixing/transpose';

/** Room for a link in four lanes; one lane uses a quarter. */
const chain: usize = memory.data(256, 16);

/**
 * Fills the `bytes` at `to` with the chain of hashes that begins with the hash of the 32 bytes at `seeds`;
 * with T = v128 four chains at once, each into memory of its own, one behind the other.
 */
export function fill<T>(to: usize, bytes: usize, seeds: usize): void {
  const lanes: u32 = sizeof<T>() / 4;
  for (let lane: u32 = 0; lane < lanes; lane++) loadLane<T>(chain, lane, seeds + lane * 32);
  padLink<T>(chain);
  for (const end = to + bytes; to < end; to += 32) {
    link<T>(chain);
    if (isVector<T>()) {
      storeRows(to, bytes, chain);
      storeRows(to + 16, bytes, chain + 64);
    } else {
      storeLane<u32>(to, chain, 0);
    }
  }
}

/** Writes the four words at `from`, each in four lanes, as four rows `apart` bytes from each other. */
@inline
function storeRows(to: usize, apart: usize, from: usize): void {
  const a = swapBytes(v128.load(from));
  const b = swapBytes(v128.load(from, 16));
  const c = swapBytes(v128.load(from, 32));
  const d = swapBytes(v128.load(from, 48));
  v128.store(to, lowPairs(lowWords(a, b), lowWords(c, d)));
  v128.store(to + apart, highPairs(lowWords(a, b), lowWords(c, d)));
  v128.store(to + apart * 2, lowPairs(highWords(a, b), highWords(c, d)));
  v128.store(to + apart * 3, highPairs(highWords(a, b), highWords(c, d)));
}

@inline
function swapBytes(x: v128): v128 {
  return i8x16.shuffle(x, x, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}
