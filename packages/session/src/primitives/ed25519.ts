import { ed25519 } from '@noble/curves/ed25519.js';
import { SessionError } from '../error.js';

export const SIGNATURE_LENGTH = 64;

/** Whether the signature holds, by the strict rules of RFC 8032, 5.1.7. */
export function verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}

/**
 * The X25519 key of an Ed25519 key (RFC 7748, 4.1).
 * @throws SessionError `bad_key` when it is no point, or not in the group of prime order
 */
export function agreementKeyOf(publicKey: Uint8Array): Uint8Array {
  if (!isIdentityKey(publicKey)) throw new SessionError('bad_key');
  return ed25519.utils.toMontgomery(publicKey);
}

/** A point of small order has no secret; one with a part of small order is a second name of the same secret. */
function isIdentityKey(publicKey: Uint8Array): boolean {
  try {
    const point = ed25519.Point.fromBytes(publicKey, false);
    return !point.isSmallOrder() && point.isTorsionFree();
  } catch {
    return false;
  }
}
