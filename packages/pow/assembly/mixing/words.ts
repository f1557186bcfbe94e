import { or } from '../sha256/lanes';

// What the mixing tracks need of 32-bit words beyond SHA-256, for one word (T = u32) or four (T = v128).

@inline
export function multiply<T>(x: T, y: T): T {
  if (isVector<T>()) return i32x4.mul(x, y);
  return x * y;
}

@inline
export function rotateLeft<T>(x: T, bits: i32): T {
  if (isVector<T>()) return or<T>(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits));
  return rotl<u32>(x, bits);
}

/** Rotates each lane of `x` by its own lane of `bits`, modulo 32. */
@inline
export function rotateLeftBy<T>(x: T, bits: T): T {
  if (isVector<T>()) {
    // No instruction shifts lanes apart, but x * 2^bits in 64 bits has the rotation's two parts as its halves.
    const factor = powerOfTwo(v128.and(bits, i32x4.splat(31)));
    const low = i64x2.extmul_low_i32x4_u(x, factor);
    const high = i64x2.extmul_high_i32x4_u(x, factor);
    const shifted = v128.shuffle<u32>(low, high, 0, 2, 4, 6);
    const wrapped = v128.shuffle<u32>(low, high, 1, 3, 5, 7);
    return v128.or(shifted, wrapped);
  }
  return rotl<u32>(x, bits);
}

/** 2^bits in each lane, bits 0 to 31: byte j looks up bits - 8j, and what is not 0 to 7 finds a zero. */
@inline
function powerOfTwo(bits: v128): v128 {
  const everyByte = i8x16.shuffle(bits, bits, 0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12);
  const powers = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0);
  return v128.swizzle(powers, i8x16.sub(everyByte, i32x4.splat(0x18100800)));
}
