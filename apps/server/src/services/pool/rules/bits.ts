import type { TrackName } from '@blindpost/protocol/pool';
import { COSTS } from './tracks.js';

/** A solve costs at least so many verifications; otherwise invalid proofs would be the cheaper way to wear us out. */
export const SOLVE_OVER_VERIFY = 1_000;
/** Beyond any hash rate; keeps 2^bits exact. */
const MAX_BITS = 52;

/** The least bits at which a round of this track is worth verifying for. */
export function minBits(track: TrackName): number {
  const { verify, search } = COSTS[track];
  return Math.ceil(Math.log2((SOLVE_OVER_VERIFY * verify) / search));
}

/** The nearest bits that a round of this track may have. */
export function clampBits(track: TrackName, bits: number): number {
  return Math.min(MAX_BITS, Math.max(minBits(track), Math.round(bits)));
}
