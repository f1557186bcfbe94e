import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Backoff } from './backoff.js';

test('the n-th wait is uniform below base × 2^n, never above the cap', () => {
  fc.assert(
    fc.property(fc.nat(100), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempts, random) => {
      const backoff = new Backoff({ random: () => random });
      for (let i = 0; i < attempts; i++) backoff.next();
      assert.equal(backoff.next(), random * Math.min(10_000, 100 * 2 ** attempts));
    }),
  );
});

test('what the server told is the least, and clients told the same spread above it', () => {
  fc.assert(
    fc.property(fc.nat(300_000), fc.double({ min: 0, max: 0.999, noNaN: true }), (told, random) => {
      const wait = new Backoff({ random: () => random }).next(told);
      assert.equal(wait, told + random * 100);
    }),
  );
});

test('a reset starts small again', () => {
  const backoff = new Backoff({ random: () => 0.5 });
  for (let i = 0; i < 10; i++) backoff.next();
  backoff.reset();
  assert.equal(backoff.next(), 50);
});
