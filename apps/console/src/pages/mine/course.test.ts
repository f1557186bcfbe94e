import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NO_COURSE, sampled } from './course.js';

test('a course rises in time, is bounded, and keeps the latest', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 2000 }), fc.option(fc.nat()), fc.boolean()), {
        maxLength: 1000,
      }),
      (samples) => {
        let course = NO_COURSE;
        for (const [at, rate, won] of samples) course = sampled(course, at, rate, won);
        const { times, rates, wins } = course;
        assert.ok(times.every((time, i) => i === 0 || time > (times[i - 1] ?? time)));
        assert.ok(times.length <= 300);
        assert.deepEqual([rates.length, wins.length], [times.length, times.length]);
        assert.equal(times.at(-1) ?? 0, Math.max(0, ...samples.map(([at]) => at)));
      },
    ),
  );
});

test('a win stands on the line, and where nobody mines there is no line', () => {
  const course = sampled(sampled(sampled(NO_COURSE, 1, 50, false), 2, 60, true), 3, null, false);
  assert.deepEqual(course, { times: [1, 2, 3], rates: [50, 60, null], wins: [null, 60, null] });
});
