// The 32-bit words of SHA-256, one at a time (T = u32) or four at once (T = v128, as i32x4). `isVector` is
// known while compiling, so a build holds only the half it calls.

@inline
export function add<T>(x: T, y: T): T {
  if (isVector<T>()) return i32x4.add(x, y);
  return x + y;
}

@inline
export function and<T>(x: T, y: T): T {
  if (isVector<T>()) return v128.and(x, y);
  return x & y;
}

@inline
export function or<T>(x: T, y: T): T {
  if (isVector<T>()) return v128.or(x, y);
  return x | y;
}

@inline
export function xor<T>(x: T, y: T): T {
  if (isVector<T>()) return v128.xor(x, y);
  return x ^ y;
}

/** The bits of `x` where `mask` has ones, of `y` where it has zeros. */
@inline
export function select<T>(x: T, y: T, mask: T): T {
  if (isVector<T>()) return v128.bitselect(x, y, mask);
  return y ^ (mask & (x ^ y));
}

@inline
export function shiftRight<T>(x: T, bits: i32): T {
  if (isVector<T>()) return i32x4.shr_u(x, bits);
  return x >> bits;
}

@inline
export function rotateRight<T>(x: T, bits: i32): T {
  if (isVector<T>()) return v128.or(i32x4.shr_u(x, bits), i32x4.shl(x, 32 - bits));
  return rotr<u32>(x, bits);
}

/** `word` in every lane. */
@inline
export function splat<T>(word: u32): T {
  if (isVector<T>()) return i32x4.splat(word);
  return word;
}

/** The word at `pointer` in every lane; one instruction, which `splat` of a `load` is not. */
@inline
export function loadSplat<T>(pointer: usize): T {
  if (isVector<T>()) return v128.load32_splat(pointer);
  return load<u32>(pointer);
}

/** One bit per lane, set where x <= y, unsigned. */
@inline
export function lessOrEqual<T>(x: T, y: T): i32 {
  if (isVector<T>()) return i32x4.bitmask(i32x4.le_u(x, y));
  return i32(<u32>x <= <u32>y);
}
