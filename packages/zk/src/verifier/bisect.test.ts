import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bisect } from './bisect.js';

const outcomes = fc
  .array(fc.boolean(), { maxLength: 100 })
  .map((fails) => fails.map((fail, id) => ({ id, fail })));

test('every failing item is found, in order, and no other', () => {
  fc.assert(
    fc.property(outcomes, (items) => {
      let questions = 0;
      const failing = bisect(items, (group) => {
        assert.ok(group.length > 0);
        questions++;
        return group.every(({ fail }) => !fail);
      });
      assert.deepEqual(
        failing,
        items.filter(({ fail }) => fail),
      );
      assert.ok(questions <= Math.max(1, 2 * items.length - 1), `${questions} questions`);
    }),
  );
});

test('where all hold one question is asked, and one failure among a hundred takes fifteen at most', () => {
  for (const failing of [undefined, 0, 57, 99]) {
    let questions = 0;
    bisect(
      Array.from({ length: 100 }, (_, i) => i),
      (group) => {
        questions++;
        return failing === undefined || !group.includes(failing);
      },
    );
    assert.ok(questions <= (failing === undefined ? 1 : 15), `${questions} questions`);
  }
});
