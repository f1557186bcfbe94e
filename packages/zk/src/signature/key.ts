import { bytesToNumberLE } from '@noble/curves/utils.js';
import { blake512 } from '@noble/hashes/blake1.js';
import { Curve, type Point, SUBGROUP_ORDER } from '../babyjub/point.js';

export const KEY_BYTES = 32;

/** A private key made ready to sign. Secret, all but the public key. */
export type SigningKey = {
  publicKey: Point;
  /** What the base point is multiplied with to give the public key. */
  scalar: bigint;
  /** From it and the message comes the nonce of a signature: the same message, the same signature. */
  nonceKey: Uint8Array;
};

/** A new private key, 32 bytes from the system's generator. */
export function randomKey(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(KEY_BYTES));
}

/**
 * The signing key of 32 secret bytes as circomlibjs derives it: BLAKE-512 (not BLAKE2), pruned as in RFC 8032 §5.1.5,
 * and shifted by the cofactor's three bits, because the base point is of prime order already. Throws for another length.
 */
export function signingKey(key: Uint8Array): SigningKey {
  if (key.length !== KEY_BYTES) throw new RangeError(`a private key has ${KEY_BYTES} bytes`);
  const digest = blake512(key);
  // The three lowest bits that pruning clears are shifted out; the two highest are set and cleared here.
  const scalar =
    (((bytesToNumberLE(digest.subarray(0, 32)) & (2n ** 254n - 1n)) | (2n ** 254n)) >> 3n) % SUBGROUP_ORDER;
  return { publicKey: Curve.BASE.multiply(scalar).toAffine(), scalar, nonceKey: digest.slice(32) };
}
