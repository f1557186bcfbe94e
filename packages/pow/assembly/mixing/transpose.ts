// A square of four rows of four words is transposed by `lowWords` and `highWords` of rows 0, 1 and of rows 2, 3,
// then `lowPairs` and `highPairs` of both low ones (columns 0, 1) and of both high ones (columns 2, 3).

@inline
export function lowWords(x: v128, y: v128): v128 {
  return v128.shuffle<u32>(x, y, 0, 4, 1, 5);
}

@inline
export function highWords(x: v128, y: v128): v128 {
  return v128.shuffle<u32>(x, y, 2, 6, 3, 7);
}

@inline
export function lowPairs(x: v128, y: v128): v128 {
  return v128.shuffle<u64>(x, y, 0, 2);
}

@inline
export function highPairs(x: v128, y: v128): v128 {
  return v128.shuffle<u64>(x, y, 1, 3);
}
