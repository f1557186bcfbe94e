import { allocate, fill as fillMemory } from './mem-work/memory';
import { walk } from './mem-work/walk';
import { absorbBlocks, input } from './sha256/nonces';

export { absorb, digests, input, reset } from './sha256/nonces';

/** Nonces that are under way side by side, each in a copy of the memory. */
let lanes: u32 = 1;

/** See mem-work/memory; `width` is 1, or in the SIMD build 4. */
export function reserve(bytes: u32, width: u32, steps: u32): bool {
  lanes = width;
  return allocate(bytes, width, steps);
}

/** Fills the memory from the 32 bytes at `input`, which are the hash of the seed. */
export function fill(): void {
  fillMemory(input, lanes);
}

/** See sha256/nonces. */
export function absorbLanes(first: bool): void {
  if (ASC_FEATURE_SIMD && lanes == 4) absorbBlocks<v128>(first);
  else absorbBlocks<u32>(first);
}

/** Takes the hashes of the nonces through `steps` steps each, to `digests`. */
export function run(steps: u32): void {
  if (ASC_FEATURE_SIMD && lanes == 4) walk<v128>(steps);
  else walk<u32>(steps);
}
