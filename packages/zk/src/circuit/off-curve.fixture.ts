import { Field } from '@noble/curves/abstract/modular.js';
import type { Point } from '../babyjub/point.js';
import { randomScalar, SCALAR_MODULUS } from '../field/index.js';

const F = Field(SCALAR_MODULUS);
const A = 168700n;
const D = 168696n;

/** A point off the curve whose eightfold has x = 0, and its fourfold not: with it as a key anybody signs. */
export function weakKeyOffCurve(): Point {
  for (;;) {
    const fourfold = { x: randomScalar(), y: 0n };
    const key = halves(fourfold).flatMap(halves)[0];
    if (key !== undefined) return key;
  }
}

/** The points that circomlib's BabyAdd doubles to the target, whether on the curve or not. */
function halves(target: Point): Point[] {
  // With m = xy: D·X·m² - 2m + X = 0, then A·x⁴ + Y(1 - D·m²)·x² - m² = 0.
  return roots(F.mul(D, target.x), F.neg(2n), target.x).flatMap((m) => {
    const square = F.mul(m, m);
    const k = F.mul(target.y, F.sub(1n, F.mul(D, square)));
    return roots(A, k, F.neg(square))
      .flatMap((xx) => roots(1n, 0n, F.neg(xx)))
      .filter((x) => x !== 0n)
      .map((x) => ({ x, y: F.div(m, x) }));
  });
}

/** The point off the curve that, added to `q`, gives `sum`, beside the one on it; undefined where there is none. */
export function secondSummand(q: Point, sum: Point): Point | undefined {
  // x = x(u) and y = y(u) are linear in u = xy by the two equations of the addition law, which leaves a quadratic in u.
  const det = F.sub(F.mul(q.y, q.y), F.mul(F.neg(A), F.mul(q.x, q.x)));
  const cross = F.mul(D, F.mul(q.x, q.y));
  const solve = (u: bigint): Point => {
    const left = F.mul(sum.x, F.add(1n, F.mul(cross, u)));
    const right = F.mul(sum.y, F.sub(1n, F.mul(cross, u)));
    // x·qy + y·qx = left, y·qy - A·x·qx = right
    return {
      x: F.div(F.sub(F.mul(left, q.y), F.mul(right, q.x)), det),
      y: F.div(F.add(F.mul(right, q.y), F.mul(F.mul(A, left), q.x)), det),
    };
  };
  const at0 = solve(0n);
  const at1 = solve(1n);
  const dx = F.sub(at1.x, at0.x);
  const dy = F.sub(at1.y, at0.y);
  const linear = F.sub(F.add(F.mul(at0.x, dy), F.mul(at0.y, dx)), 1n);
  return roots(F.mul(dx, dy), linear, F.mul(at0.x, at0.y))
    .map(solve)
    .find(
      ({ x, y }) =>
        F.add(F.mul(A, F.mul(x, x)), F.mul(y, y)) !== F.add(1n, F.mul(D, F.mul(F.mul(x, x), F.mul(y, y)))),
    );
}

/** The solutions of a·z² + b·z + c = 0 with a ≠ 0. */
function roots(a: bigint, b: bigint, c: bigint): bigint[] {
  const discriminant = F.sub(F.mul(b, b), F.mul(4n, F.mul(a, c)));
  if (F.pow(discriminant, (SCALAR_MODULUS - 1n) / 2n) > 1n) return [];
  const root = F.sqrt(discriminant);
  return [root, F.neg(root)].map((each) => F.div(F.sub(each, b), F.mul(2n, a)));
}
