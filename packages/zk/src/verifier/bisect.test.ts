import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bisect } from './bisect.js';

type Item = { id: number; fail: boolean };

/** Measures a group by the sum of what its failing items weigh, and counts how often. */
function scale() {
  const counted = { measured: 0, failing: (items: readonly Item[]) => bisect(items, measure) };
  const measure = {
    of(group: readonly Item[]) {
      assert.ok(group.length > 0);
      counted.measured++;
      return group.reduce((sum, { id, fail }) => (fail ? sum + (1n << BigInt(id)) : sum), 0n);
    },
    rest: (whole: bigint, part: bigint) => whole - part,
    holds: (sum: bigint) => sum === 0n,
  };
  return counted;
}

const itemsOf = (fails: readonly boolean[]): Item[] => fails.map((fail, id) => ({ id, fail }));

test('every failing item is found, in order, and no other, by no more measurements than there are items', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 100 }).map(itemsOf), (items) => {
      const by = scale();
      assert.deepEqual(
        by.failing(items),
        items.filter(({ fail }) => fail),
      );
      assert.ok(by.measured <= items.length, `${by.measured} measurements`);
    }),
  );
});

test('a hundred cost one measurement where all hold, eight where one fails, a hundred where all do', () => {
  for (const [fails, most] of [
    [() => false, 1],
    [(id: number) => id === 0, 8],
    [(id: number) => id === 57, 8],
    [(id: number) => id === 99, 8],
    [() => true, 100],
  ] as const) {
    const by = scale();
    by.failing(itemsOf(Array.from({ length: 100 }, (_, id) => fails(id))));
    assert.ok(by.measured <= most, `${by.measured} measurements`);
  }
});
