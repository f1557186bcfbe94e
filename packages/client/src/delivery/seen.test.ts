import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Seen } from './seen.js';

test('the last `size` ids are remembered, and at most twice as many', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(200), (size, count) => {
      const seen = new Seen(size);
      const ids = Array.from({ length: count }, (_, i) => `${i}`);
      for (const id of ids) seen.add(id);
      for (const id of ids.slice(-size)) assert.ok(seen.has(id));
      assert.ok(ids.filter((id) => seen.has(id)).length <= 2 * size);
    }),
  );
});

test('a forgotten id is new again', () => {
  const seen = new Seen(2);
  for (const id of ['a', 'b', 'c']) seen.add(id);
  seen.delete('b');
  assert.deepEqual(
    ['a', 'b', 'c'].map((id) => seen.has(id)),
    [true, false, true],
  );
});
