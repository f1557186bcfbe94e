import type { Claim, Verified } from '../types.js';

/** Whom a request was found to come from: what was verified, by what, and when. */
export interface VerifiedEntity extends Verified {
  proof: Claim['proof'];
  publicSignals: string[];
  /** Seconds since 1970. */
  verifiedAt: number;
}
