import { Curve, isOnCurve, isPublicKey, type Point, SUBGROUP_ORDER } from '../babyjub/point.js';
import { SCALAR_MODULUS } from '../field/modulus.js';
import { challengeOf } from './challenge.js';
import type { Signature } from './signature.js';

/**
 * Whether the signature is one of `message` by the key: S·B = R8 + 8·h·A, with S below the order, because S plus the
 * order would be a second signature of the same. False for anything out of range, off the curve or of small order.
 */
export function verifySignature(publicKey: Point, message: bigint, { r8, s }: Signature): boolean {
  if (s < 0n || s >= SUBGROUP_ORDER || message < 0n || message >= SCALAR_MODULUS) return false;
  if (!isPublicKey(publicKey) || !isOnCurve(r8)) return false;
  const h = (challengeOf(r8, publicKey, message) * 8n) % SUBGROUP_ORDER;
  // Nothing here is secret, and either factor may be zero, which the constant-time product refuses.
  const right = Curve.fromAffine(r8).add(Curve.fromAffine(publicKey).multiplyUnsafe(h));
  return Curve.BASE.multiplyUnsafe(s).equals(right);
}
