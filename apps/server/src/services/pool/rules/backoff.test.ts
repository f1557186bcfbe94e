import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoff } from './backoff.js';

test('tries come 5 s, 10 s, 20 s … after each other, never more than an hour', () => {
  assert.deepEqual([1, 2, 3, 10].map(backoff), [5_000, 10_000, 20_000, 2_560_000]);
  assert.deepEqual([11, 50, 5_000].map(backoff), [3_600_000, 3_600_000, 3_600_000]);
});
