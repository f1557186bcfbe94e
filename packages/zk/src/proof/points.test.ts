import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bn254 } from '@noble/curves/bn254.js';
import fc from 'fast-check';
import { BASE_MODULUS } from '../field/index.js';
import { isOnCurve, isOnTwist } from './points.js';

const scalar = fc.bigInt(1n, bn254.fields.Fr.ORDER - 1n);

test('points of both groups are on their curves, and with a coordinate changed or unreduced they are not', () => {
  fc.assert(
    fc.property(scalar, (factor) => {
      const { x, y } = bn254.G1.Point.BASE.multiply(factor).toAffine();
      assert.equal(isOnCurve({ x, y }), true);
      for (const [changed, other] of [
        [x + 1n, y],
        [x, y + 1n],
        [y, x],
        [x + BASE_MODULUS, y],
        [x, y - BASE_MODULUS],
      ]) {
        assert.equal(isOnCurve({ x: changed ?? 0n, y: other ?? 0n }), false);
      }

      const twist = bn254.G2.Point.BASE.multiply(factor).toAffine();
      const [x0, x1, y0, y1] = [twist.x.c0, twist.x.c1, twist.y.c0, twist.y.c1];
      assert.equal(isOnTwist({ x: [x0, x1], y: [y0, y1] }), true);
      assert.equal(isOnTwist({ x: [x1, x0], y: [y0, y1] }), false);
      assert.equal(isOnTwist({ x: [x0, x1], y: [y1, y0] }), false);
      assert.equal(isOnTwist({ x: [x0 + 1n, x1], y: [y0, y1] }), false);
      assert.equal(isOnTwist({ x: [x0, x1], y: [y0, y1 + 1n] }), false);
      assert.equal(isOnTwist({ x: [x0, x1 + BASE_MODULUS], y: [y0, y1] }), false);
      assert.equal(isOnTwist({ x: [x0, x1], y: [y0 - BASE_MODULUS, y1] }), false);
    }),
    { numRuns: 20 },
  );
});
