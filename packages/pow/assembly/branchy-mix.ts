import { CAPACITY, start, states } from './branchy-mix/nonces';
import { single } from './branchy-mix/single';
import { sorted } from './branchy-mix/sorted';
import { storeLane } from './sha256/chain32';
import { hash } from './sha256/message';
import { absorbBlocks, hashes } from './sha256/nonces';

export { input, reset, absorb } from './sha256/nonces';

/** How many nonces `run` takes at the most. */
export const capacity: u32 = CAPACITY;
/** Where `run` leaves the digests, 32 bytes each. */
export const digests: usize = memory.data(CAPACITY * 32, 16);

const startHash: usize = memory.data(32, 16);

/** See sha256/nonces. */
export function absorbLanes(first: bool): void {
  if (ASC_FEATURE_SIMD) absorbBlocks<v128>(first);
  else absorbBlocks<u32>(first);
}

/** Starts nonce `n` from the hash in lane `lane`. */
export function begin(n: u32, lane: u32): void {
  if (ASC_FEATURE_SIMD) storeLane<v128>(startHash, hashes, lane);
  else storeLane<u32>(startHash, hashes, lane);
  start(n, startHash);
}

/** Takes the first `count` nonces through their rounds, and hashes what they come to. */
export function run(count: u32, rounds: u32): void {
  if (ASC_FEATURE_SIMD) sorted(count, rounds);
  else for (let n: u32 = 0; n < count; n++) single(n, rounds);
  for (let n: u32 = 0; n < count; n++) hash(digests + n * 32, states + n * 16, 16);
}
