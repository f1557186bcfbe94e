import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ManualClock } from '../../../platform/clock.manual.js';
import type { Database } from '../../../platform/sql/database.js';
import { Marks } from './marks.js';

function scene(answer: () => Promise<unknown> = async () => null) {
  const written: unknown[] = [];
  const write = (_command: unknown, input: unknown) => {
    written.push(input);
    return answer();
  };
  const clock = new ManualClock(1_000);
  // Marks ask for nothing but writes.
  return { clock, written, marks: new Marks({ write } as unknown as Database, clock) };
}

describe('notes of what a socket took', () => {
  test('what was taken within 250 ms is one note', () => {
    const { clock, written, marks } = scene();
    marks.took(7, 1, 3);
    clock.advance(100);
    marks.took(7, 4, 9);
    clock.advance(149);
    assert.deepEqual(written, []);
    clock.advance(1);
    assert.deepEqual(written, [{ queue: 7, first: 1, last: 9, now: 1_100 }]);
    clock.advance(10_000);
    assert.equal(written.length, 1);
    marks.took(7, 10, 10);
    clock.advance(250);
    assert.deepEqual(written[1], { queue: 7, first: 10, last: 10, now: 11_250 });
  });

  test('what was acknowledged meanwhile is not noted; what was not, is', () => {
    const { clock, written, marks } = scene();
    marks.took(7, 1, 3);
    marks.acknowledged(3);
    clock.advance(1_000);
    assert.deepEqual(written, []);
    marks.took(7, 4, 6);
    marks.acknowledged(5);
    clock.advance(250);
    assert.equal(written.length, 1);
    marks.acknowledged(100);
  });

  test('a flush notes at once, and nothing when there is nothing', () => {
    const { clock, written, marks } = scene();
    marks.flush();
    assert.deepEqual(written, []);
    marks.took(7, 1, 1);
    marks.flush();
    marks.flush();
    assert.equal(written.length, 1);
    assert.equal(clock.timers, 0);
  });

  test('a note that fails is lost without a word', async () => {
    const { marks, written } = scene(() => Promise.reject(new Error('away')));
    marks.took(7, 1, 1);
    marks.flush();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(written.length, 1);
  });
});
