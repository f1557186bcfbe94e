import { highPairs, highWords, lowPairs, lowWords } from '../mixing/transpose';

// Each lane's slice of 32 bytes as eight big-endian words, of which a vector holds one of every lane.

/** Brings the slice at each of `slices` into its lane of the eight words at `words`. */
@inline
export function gather<T>(words: usize, slices: usize): void {
  if (isVector<T>()) {
    gatherHalf(words, slices, 0);
    gatherHalf(words + 64, slices, 16);
  } else {
    const slice = load<usize>(slices);
    for (let i: usize = 0; i < 32; i += 4) store<u32>(words + i, bswap<u32>(load<u32>(slice + i)));
  }
}

/** Changes the slice at each of `slices` by the eight words at `words`: xor. */
@inline
export function scatter<T>(slices: usize, words: usize): void {
  if (isVector<T>()) {
    scatterHalf(slices, words, 0);
    scatterHalf(slices, words + 64, 16);
  } else {
    const slice = load<usize>(slices);
    for (let i: usize = 0; i < 32; i += 4) {
      store<u32>(slice + i, load<u32>(slice + i) ^ bswap<u32>(load<u32>(words + i)));
    }
  }
}

@inline
function gatherHalf(words: usize, slices: usize, half: usize): void {
  const a = swapBytes(v128.load(load<usize>(slices) + half));
  const b = swapBytes(v128.load(load<usize>(slices, 4) + half));
  const c = swapBytes(v128.load(load<usize>(slices, 8) + half));
  const d = swapBytes(v128.load(load<usize>(slices, 12) + half));
  v128.store(words, lowPairs(lowWords(a, b), lowWords(c, d)));
  v128.store(words, highPairs(lowWords(a, b), lowWords(c, d)), 16);
  v128.store(words, lowPairs(highWords(a, b), highWords(c, d)), 32);
  v128.store(words, highPairs(highWords(a, b), highWords(c, d)), 48);
}

@inline
function scatterHalf(slices: usize, words: usize, half: usize): void {
  const a = swapBytes(v128.load(words));
  const b = swapBytes(v128.load(words, 16));
  const c = swapBytes(v128.load(words, 32));
  const d = swapBytes(v128.load(words, 48));
  change(load<usize>(slices) + half, lowPairs(lowWords(a, b), lowWords(c, d)));
  change(load<usize>(slices, 4) + half, highPairs(lowWords(a, b), lowWords(c, d)));
  change(load<usize>(slices, 8) + half, lowPairs(highWords(a, b), highWords(c, d)));
  change(load<usize>(slices, 12) + half, highPairs(highWords(a, b), highWords(c, d)));
}

@inline
function change(at: usize, by: v128): void {
  v128.store(at, v128.xor(v128.load(at), by));
}

@inline
function swapBytes(x: v128): v128 {
  return i8x16.shuffle(x, x, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}
