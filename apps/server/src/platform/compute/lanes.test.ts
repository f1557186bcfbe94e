import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Lanes } from './lanes.js';

function drain<T>(lanes: Lanes<T>): T[] {
  const taken: T[] = [];
  for (let entry = lanes.take(); entry !== undefined; entry = lanes.take()) taken.push(entry);
  return taken;
}

describe('lanes', () => {
  test('lanes take turns, and each keeps its order', () => {
    const lanes = new Lanes<string>(10);
    for (const entry of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) lanes.add(entry.charAt(0), entry);
    assert.deepEqual(drain(lanes), ['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
    assert.equal(lanes.size, 0);
  });

  test('a lane that comes late waits for one entry of each other lane, not for their backlog', () => {
    const lanes = new Lanes<string>(100);
    for (let i = 0; i < 50; i++) lanes.add('greedy', `g${i}`);
    lanes.take();
    lanes.add('late', 'l');
    assert.deepEqual([lanes.take(), lanes.take()], ['g1', 'l']);
  });

  test('one lane cannot fill the queue for all: its last entry gives way', () => {
    const lanes = new Lanes<string>(3);
    for (const entry of ['g0', 'g1', 'g2']) assert.equal(lanes.add('greedy', entry), null);
    assert.equal(lanes.add('greedy', 'g3'), 'g3');
    assert.equal(lanes.add('late', 'l0'), 'g2');
    assert.equal(lanes.add('late', 'l1'), 'l1');
    assert.deepEqual(drain(lanes), ['g0', 'l0', 'g1']);
  });

  test('a queue without room takes nothing', () => {
    assert.equal(new Lanes<string>(0).add('lane', 'x'), 'x');
  });

  test('whatever is added, the bound holds, order within a lane is kept and nothing is lost or doubled', () => {
    const step = fc.oneof(fc.constant(null), fc.constantFrom('a', 'b', 'c', 'd'));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), fc.array(step, { maxLength: 60 }), (bound, steps) => {
        const lanes = new Lanes<{ lane: string; number: number }>(bound);
        const waiting = new Set<unknown>();
        const taken: { lane: string; number: number }[] = [];
        const take = () => {
          const entry = lanes.take();
          assert.equal(entry !== undefined, waiting.size > 0);
          if (entry === undefined) return;
          assert.ok(waiting.delete(entry));
          taken.push(entry);
        };
        for (const [number, lane] of steps.entries()) {
          if (lane === null) {
            take();
            continue;
          }
          const entry = { lane, number };
          waiting.add(entry);
          const displaced = lanes.add(lane, entry);
          if (displaced !== null) assert.ok(waiting.delete(displaced));
          assert.equal(displaced !== null && waiting.size < bound, false);
          assert.equal(lanes.size, waiting.size);
          assert.ok(lanes.size <= bound);
        }
        while (waiting.size > 0) take();
        for (const lane of ['a', 'b', 'c', 'd']) {
          const numbers = taken.filter((entry) => entry.lane === lane).map((entry) => entry.number);
          assert.deepEqual(
            numbers,
            [...numbers].sort((x, y) => x - y),
          );
        }
      }),
    );
  });
});
