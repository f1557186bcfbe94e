import { babyjubjub } from '@noble/curves/misc.js';
import { SCALAR_MODULUS } from '../field/modulus.js';

/** Affine coordinates on Baby Jubjub (EIP-2494), a twisted Edwards curve over BN254's scalar field. */
export type Point = { x: bigint; y: bigint };

/** Points on the curve; `BASE` is circomlib's `Base8`, the generator of the subgroup of prime order. */
export const Curve = babyjubjub.Point;
/** The prime order of the subgroup; the curve has eight times as many points. */
export const SUBGROUP_ORDER: bigint = Curve.Fn.ORDER;

const A = 168700n;
const D = 168696n;

/** Whether a x² + y² = 1 + d x² y², with both coordinates below the modulus. */
export function isOnCurve({ x, y }: Point): boolean {
  if (!isCoordinate(x) || !isCoordinate(y)) return false;
  const xx = (x * x) % SCALAR_MODULUS;
  const yy = (y * y) % SCALAR_MODULUS;
  return (A * xx + yy - 1n - D * xx * yy) % SCALAR_MODULUS === 0n;
}

/**
 * Whether a point can be a public key: on the curve, of the prime order, not the identity. A signature under a key
 * of small order would verify for any message, whoever made it.
 */
export function isPublicKey(point: Point): boolean {
  if (!isOnCurve(point)) return false;
  const candidate = Curve.fromAffine(point);
  return !candidate.is0() && candidate.isTorsionFree();
}

function isCoordinate(value: bigint): boolean {
  return value >= 0n && value < SCALAR_MODULUS;
}
