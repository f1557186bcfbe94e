import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Random } from '../../../platform/random.js';
import { systemRandom } from '../../../platform/random.js';
import { Jitter } from './pacing.js';

/** Times are sums of fractions: nothing here hangs on a billionth of a millisecond. */
const EPSILON = 1e-9;

/** Draws these points of the range, 0 to 1, one after the other and then again. */
function drawing(points: readonly number[]): Random {
  let drawn = 0;
  return {
    hex: systemRandom.hex,
    uniform: (min, max) => min + (max - min) * (points[drawn++ % points.length] ?? 0),
  };
}

const POINTS = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { minLength: 1 });
/** Milliseconds between one frame and the next: mostly bursts, now and then a pause. */
const GAPS = fc.array(
  fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 }), fc.double({ min: 0, max: 200, noNaN: true })),
  { minLength: 1, maxLength: 300, size: 'max' },
);

test('every frame leaves 10 to 50 ms after it is ready, and none before one that was ready earlier', () => {
  fc.assert(
    fc.property(POINTS, GAPS, (points, gaps) => {
      const pacing = new Jitter(drawing(points));
      let now = 0;
      let last = Number.NEGATIVE_INFINITY;
      for (const gap of gaps) {
        now += gap;
        const due = pacing.due(now);
        assert.ok(due >= now + 10 - EPSILON && due <= now + 50 + EPSILON, `${due - now} ms`);
        assert.ok(due >= last);
        last = due;
      }
    }),
  );
});

test('frames ready at the same moment leave together', () => {
  fc.assert(
    fc.property(POINTS, GAPS, fc.integer({ min: 2, max: 20 }), (points, gaps, burst) => {
      const pacing = new Jitter(drawing(points));
      let now = 0;
      for (const gap of gaps) {
        now += gap;
        assert.equal(new Set(Array.from({ length: burst }, () => pacing.due(now))).size, 1);
      }
    }),
  );
});

test('a frame with no other near it is delayed by the whole range, evenly', () => {
  const pacing = new Jitter(systemRandom);
  const tenths = new Array<number>(10).fill(0);
  const frames = 20_000;
  for (let frame = 0; frame < frames; frame++) {
    const now = frame * 1_000;
    const tenth = Math.floor((pacing.due(now) - now - 10) / 4);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  assert.equal(tenths.length, 10);
  // Binomial with p = 0.1: 300 is seven standard deviations.
  for (const count of tenths) assert.ok(Math.abs(count - frames / 10) < 300, `${count} of ${frames}`);
});

test('the delay of a lone frame is drawn anew each time and from nothing else', () => {
  const pacing = new Jitter(drawing([0, 0.5, 0.25]));
  assert.deepEqual([pacing.due(0), pacing.due(1_000) - 1_000, pacing.due(2_000) - 2_000], [10, 30, 20]);
});
