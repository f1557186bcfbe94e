import { link, padLink, storeLane } from './sha256/chain32';
import { absorbLanes as absorbT, hashes } from './sha256/nonces';

export { absorb, input, reset } from './sha256/nonces';

/** The digests that `run` leaves, 32 bytes for each lane. */
export const digests: usize = memory.data(128, 16);

const state: usize = memory.data(256, 16);

/** See sha256/nonces. */
export function absorbLanes(first: bool): void {
  if (ASC_FEATURE_SIMD) absorbT<v128>(first);
  else absorbT<u32>(first);
}

/** Takes the hashes of the nonces through chains of `steps` hashes, of which they are the first. */
export function run(steps: u32): void {
  if (ASC_FEATURE_SIMD) walk<v128>(steps);
  else walk<u32>(steps);
}

function walk<T>(steps: u32): void {
  padLink<T>(state);
  for (let i: usize = 0; i < 8 * sizeof<T>(); i += 4) store<u32>(state + i, load<u32>(hashes + i));
  for (let step: u32 = 1; step < steps; step++) link<T>(state);
  for (let lane: u32 = 0; lane < sizeof<T>() / 4; lane++) storeLane<T>(digests + lane * 32, state, lane);
}
