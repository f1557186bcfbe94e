import { BASE_MODULUS } from '../field/modulus.js';

/** An affine point of BN254's first group, y² = x³ + 3; infinity has no affine coordinates. */
export type G1Point = { x: bigint; y: bigint };

/** An element a + b·u of the quadratic extension, u² = -1, as [a, b]. */
export type Extension = readonly [bigint, bigint];

/** An affine point of the twist, y² = x³ + 3/(9 + u), of which the second group is a part. */
export type G2Point = { x: Extension; y: Extension };

const q = BASE_MODULUS;
/** 3/(9 + u). */
const TWIST_B: Extension = [
  0x2b149d40ceb8aaae81be18991be06ac3b5b4c5e559dbefa33267e6dc24a138e5n,
  0x009713b03af0fed4cd2cafadeed8fdf4a74fa084e52d1852e4a2bd0685c315d2n,
];

/** Whether a point lies on the curve; all of the curve is the first group. */
export function isOnCurve({ x, y }: G1Point): boolean {
  return isBase(x) && isBase(y) && (y * y - x * x * x - 3n) % q === 0n;
}

/** Whether a point lies on the twist, where it still may be outside the group: one in 2^254 is inside. */
export function isOnTwist({ x, y }: G2Point): boolean {
  if (![...x, ...y].every(isBase)) return false;
  const left = multiply(y, y);
  const cube = multiply(multiply(x, x), x);
  return left.every((part, i) => (part - (cube[i] ?? 0n) - (TWIST_B[i] ?? 0n)) % q === 0n);
}

function multiply([a, b]: Extension, [c, d]: Extension): Extension {
  return [(a * c - b * d) % q, (a * d + b * c) % q];
}

function isBase(value: bigint): boolean {
  return value >= 0n && value < q;
}
