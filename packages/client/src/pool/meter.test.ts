import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RateMeter } from './meter.js';

test('a constant rate is told as it is, however the reports fall, and an old one is forgotten', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 500 }),
      fc.integer({ min: 1, max: 1000 }),
      (gaps, perMs) => {
        let now = 0;
        const meter = new RateMeter(() => now);
        for (let i = 0; i < 100; i++) {
          now += 250;
          meter.add(1e9);
        }
        now += 20_000;
        for (const gap of gaps) {
          now += gap;
          meter.add(gap * perMs);
        }
        const told = meter.rate;
        meter.reset();
        assert.equal(meter.rate, 0);
        for (const gap of gaps) {
          now += gap;
          meter.add(gap * perMs);
        }
        assert.ok(Math.abs(meter.rate - perMs * 1000) < 1e-6 * perMs * 1000);
        assert.ok(told < 1e9, 'what was before the window does not count');
      },
    ),
  );
});
