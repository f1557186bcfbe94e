import { randomBytes } from '@noble/hashes/utils.js';

/** A source of that many random bytes. */
export type Random = (length: number) => Uint8Array;

/** The CSPRNG of the platform. */
export const systemRandom: Random = (length) => randomBytes(length);
