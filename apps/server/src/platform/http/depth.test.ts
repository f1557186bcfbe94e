import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTooDeep } from './depth.js';

const BOUND = 64;

/** A value of exactly `depth` objects and arrays inside one another. */
function nested(depth: number): unknown {
  let value: unknown = 'leaf';
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [1, value] : { side: {}, value };
  return value;
}

test('as many levels may nest as the bound says, and not one more', () => {
  assert.equal(isTooDeep(nested(BOUND), BOUND), false);
  assert.equal(isTooDeep(nested(BOUND + 1), BOUND), true);
});

test('nesting far beyond the stack is found, not walked', () => {
  assert.equal(isTooDeep(nested(100_000), BOUND), true);
});

test('what does not nest is never too deep', () => {
  for (const value of [null, undefined, 1, 'x', [], {}, Array.from({ length: 100_000 }, () => [])])
    assert.equal(isTooDeep(value, BOUND), false);
});
