import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Queue } from './queue.js';

test('a queue behaves as an array that is pushed and shifted', () => {
  const moves = fc.array(fc.oneof(fc.nat(5), fc.constant('shift'), fc.constant('replace')), {
    maxLength: 300,
  });
  fc.assert(
    fc.property(moves, (sequence) => {
      const queue = new Queue<{ n: number }>();
      let model: { n: number }[] = [];
      for (const move of sequence) {
        if (move === 'shift') {
          assert.deepEqual(queue.shift(), model.shift());
        } else if (move === 'replace') {
          model = model.slice(1);
          queue.replace([...model]);
        } else if (typeof move === 'number') {
          model.push({ n: move });
          queue.push({ n: move });
        }
        assert.equal(queue.size, model.length);
        assert.deepEqual(queue.peek(), model[0]);
        assert.deepEqual(
          queue.find(({ n }) => n === 3),
          model.find(({ n }) => n === 3),
        );
      }
    }),
  );
});
