import { BLOCK } from './argon2d-chain/block';
import { fill } from './argon2d-chain/fill';
import { pass } from './argon2d-chain/pass';

export { table } from './argon2d-chain/pass';

/** Where the caller puts what up to four nonces begin with: 32 bytes each. */
export const seeds: usize = memory.data(128, 16);
/** The global states, 32 bytes each: put here by the caller, and changed by `run`. */
export const states: usize = memory.data(128, 16);
/** The nonces' memories, one behind the other. */
export const blocks: usize = (__heap_base + 63) & ~63;

/** Makes room for `lanes` memories of `count` blocks; false when there is none to be had. */
export function reserve(lanes: u32, count: u32): bool {
  const pages = <i32>((blocks + <usize>(lanes * count) * BLOCK + 0xffff) >> 16);
  return pages <= memory.size() || memory.grow(pages - memory.size()) >= 0;
}

/**
 * Fills `lanes` memories of `count` blocks, 1 or in the SIMD build 4 of them, and takes the first `nonces`
 * through `passes` passes.
 */
export function run(nonces: u32, lanes: u32, count: u32, passes: u32): void {
  const bytes = count * BLOCK;
  if (ASC_FEATURE_SIMD && lanes == 4) fill<v128>(blocks, bytes, seeds);
  else fill<u32>(blocks, bytes, seeds);
  for (let n: u32 = 0; n < nonces; n++) {
    for (let p: u32 = 0; p < passes; p++) {
      if (ASC_FEATURE_SIMD) pass<v128>(blocks + n * bytes, count, p, states + n * 32);
      else pass<u32>(blocks + n * bytes, count, p, states + n * 32);
    }
  }
}
