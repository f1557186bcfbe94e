import { link, padLink } from './sha256/chain32';
import { absorbBlocks, hashes, storeDigests } from './sha256/nonces';

export { absorb, digests, input, reset } from './sha256/nonces';

const state: usize = memory.data(256, 16);

/** See sha256/nonces. */
export function absorbLanes(first: bool): void {
  if (ASC_FEATURE_SIMD) absorbBlocks<v128>(first);
  else absorbBlocks<u32>(first);
}

/** Takes the hashes of the nonces through chains of `steps` hashes, of which they are the first, to `digests`. */
export function run(steps: u32): void {
  if (ASC_FEATURE_SIMD) walk<v128>(steps);
  else walk<u32>(steps);
}

function walk<T>(steps: u32): void {
  padLink<T>(state);
  for (let i: usize = 0; i < 8 * sizeof<T>(); i += 4) store<u32>(state + i, load<u32>(hashes + i));
  for (let step: u32 = 1; step < steps; step++) link<T>(state);
  storeDigests<T>(state);
}
