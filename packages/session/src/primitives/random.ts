import { randomBytes } from '@noble/hashes/utils.js';

/** A source of that many random bytes. */
export type Random = (length: number) => Uint8Array;

/** The CSPRNG of the platform. */
export const systemRandom: Random = (length) => randomBytes(length);

/** A random integer of 32 bits. */
export function randomU32(random: Random): number {
  const { buffer, byteOffset } = random(4);
  return new DataView(buffer, byteOffset).getUint32(0);
}
