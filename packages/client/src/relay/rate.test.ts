import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RateBucket } from './rate.js';

test('never more leaves than the burst and its refill, whatever the waits', () => {
  const steps = fc.array(fc.record({ waitMs: fc.nat(500), cost: fc.integer({ min: 1, max: 20 }) }));
  fc.assert(
    fc.property(steps, (sequence) => {
      let now = 0;
      const bucket = new RateBucket({ burst: 20, perSecond: 20 }, () => now);
      let taken = 0;
      for (const { waitMs, cost } of sequence) {
        now += waitMs;
        if (bucket.take(cost) === 0) taken += cost;
        assert.ok(taken <= 20 + (now * 20) / 1000 + 1e-6);
      }
    }),
  );
});

test('the wait answered is enough', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(999), (cost, at) => {
      let now = 0;
      const bucket = new RateBucket({ burst: 20, perSecond: 20 }, () => now);
      bucket.drain();
      now = at;
      const wait = bucket.take(cost);
      now += wait;
      assert.ok(wait === 0 || bucket.take(cost) === 0);
    }),
  );
});
