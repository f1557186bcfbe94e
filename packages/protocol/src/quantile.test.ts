import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { quantile } from './quantile.js';

test('a quantile lies evenly within its bucket', () => {
  assert.equal(quantile([1, 2, 4], [10, 10, 0, 0], 0.5), 1);
  assert.equal(quantile([1, 2, 4], [10, 10, 0, 0], 0.75), 1.5);
  assert.equal(quantile([1, 2, 4], [0, 0, 4, 0], 0.5), 3);
});

test('what lies beyond the last bound is told as the last bound, and nothing as null', () => {
  assert.equal(quantile([1, 2], [0, 0, 5], 0.99), 2);
  assert.equal(quantile([1, 2], [0, 0, 0], 0.99), null);
});

test('a quantile rises with its share and never leaves the bounds', () => {
  const bounds = [0.001, 0.01, 0.1, 1];
  const counts = fc.array(fc.nat(1_000), { minLength: 5, maxLength: 5 });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(counts, share, share, (observed, a, b) => {
      fc.pre(observed.some((count) => count > 0));
      const low = quantile(bounds, observed, Math.min(a, b)) ?? Number.NaN;
      const high = quantile(bounds, observed, Math.max(a, b)) ?? Number.NaN;
      assert.ok(low >= 0 && low <= high + 1e-12 && high <= 1, `${low} ${high}`);
    }),
  );
});
