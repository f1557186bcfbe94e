import assert from 'node:assert/strict';
import { test } from 'node:test';
import { histogram, median, quantile, summarise } from './latency.js';

test('quantiles are values that were measured, by nearest rank', () => {
  const values = Float64Array.from({ length: 100 }, (_, n) => n + 1);
  assert.deepEqual(
    [0, 0.5, 0.99, 1].map((q) => quantile(values, q)),
    [1, 50, 99, 100],
  );
  assert.equal(quantile(new Float64Array(), 0.5), 0);
});

test('a summary does not depend on the order and leaves the values alone', () => {
  const values = Float64Array.from([30, 10, 20]);
  assert.deepEqual(summarise(values), { p50: 20, p90: 30, p99: 30, max: 30, mean: 20 });
  assert.deepEqual([...values], [30, 10, 20]);
});

test('every value falls into exactly one bucket', () => {
  const { bucketMs, counts } = histogram(Float64Array.from([0, 4.9, 5, 12, 1e9]));
  assert.equal(bucketMs, 5);
  assert.deepEqual(counts.slice(0, 3), [2, 1, 1]);
  assert.equal(counts.at(-1), 1);
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    5,
  );
});

test('the median of an even number is between the two in the middle', () => {
  assert.deepEqual([median([3, 1, 2]), median([4, 1]), median([])], [2, 2.5, 0]);
});
