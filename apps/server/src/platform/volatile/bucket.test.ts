import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fullAt, type Level, takeTokens } from './bucket.js';

const buckets = fc.record({
  name: fc.constant('frames'),
  capacity: fc.integer({ min: 1, max: 1_000 }),
  windowMs: fc.integer({ min: 1, max: 100_000 }),
});
const visits = fc.array(
  fc.record({ wait: fc.integer({ min: 0, max: 20_000 }), cost: fc.integer({ min: 1, max: 50 }) }),
  { minLength: 1, maxLength: 60 },
);

test('between any two moments a bucket grants at most its capacity and the refill between them', () => {
  fc.assert(
    fc.property(buckets, visits, (bucket, steps) => {
      const granted: { at: number; cost: number }[] = [];
      let level: Level | undefined;
      let now = 0;
      for (const { wait, cost } of steps) {
        now += wait;
        const step = takeTokens(level, bucket, cost, now);
        level = step.level;
        if (step.taken.outcome === 'ok') granted.push({ at: now, cost });
      }
      for (const [index, first] of granted.entries()) {
        let sum = 0;
        for (const { at, cost } of granted.slice(index)) {
          sum += cost;
          // Compared as whole numbers: sum ≤ capacity + elapsed × capacity / windowMs.
          assert.ok(sum * bucket.windowMs <= bucket.capacity * (bucket.windowMs + at - first.at));
        }
      }
    }),
  );
});

test('the wait a refusal names is enough, and one millisecond less is not', () => {
  fc.assert(
    fc.property(buckets, visits, (bucket, steps) => {
      let level: Level | undefined;
      let now = 0;
      for (const { wait, cost } of steps) {
        now += wait;
        const { level: after, taken } = takeTokens(level, bucket, cost, now);
        if (taken.outcome === 'limited' && cost <= bucket.capacity) {
          const due = now + taken.retryAfterMs;
          assert.equal(takeTokens(after, bucket, cost, due).taken.outcome, 'ok');
          assert.equal(takeTokens(after, bucket, cost, due - 1).taken.outcome, 'limited');
        }
        level = after;
      }
    }),
  );
});

test('a bucket that is full again differs in nothing from one never used', () => {
  fc.assert(
    fc.property(buckets, visits, fc.integer({ min: 1, max: 50 }), (bucket, steps, cost) => {
      let level: Level | undefined;
      let now = 0;
      for (const step of steps) {
        now += step.wait;
        level = takeTokens(level, bucket, step.cost, now).level;
      }
      const later = Math.max(now, level === undefined ? 0 : fullAt(level, bucket));
      const fresh = takeTokens(undefined, bucket, cost, later);
      assert.deepEqual(takeTokens(level, bucket, cost, later).taken, fresh.taken);
    }),
  );
});

test('a level left by larger settings never keeps a smaller bucket empty for more than its window', () => {
  const level = { debt: 1_000_000 * 60_000, at: 0 };
  const smaller = { name: 'frames', capacity: 10, windowMs: 1_000 };
  assert.deepEqual(takeTokens(level, smaller, 10, 0).taken, { outcome: 'limited', retryAfterMs: 1_000 });
});

test('a clock that steps back neither refills nor drains', () => {
  const bucket = { name: 'frames', capacity: 10, windowMs: 1_000 };
  const { level } = takeTokens(undefined, bucket, 10, 5_000);
  assert.deepEqual(takeTokens(level, bucket, 1, 4_000).taken, { outcome: 'limited', retryAfterMs: 100 });
});
