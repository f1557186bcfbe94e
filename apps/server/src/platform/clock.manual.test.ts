import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from './clock.manual.js';

test('timers run when due, in the order of due times and then of making, each at its own time', () => {
  const clock = new ManualClock(1_000);
  const ran: [string, number, number][] = [];
  const note = (name: string) => () => ran.push([name, clock.monotonic(), clock.now()]);
  clock.after(20, note('second'));
  clock.after(10, note('first'));
  clock.after(20, note('third'));
  clock.after(31, note('never'));
  clock.advance(30);
  assert.deepEqual(ran, [
    ['first', 10, 1_010],
    ['second', 20, 1_020],
    ['third', 20, 1_020],
  ]);
  assert.equal(clock.now(), 1_030);
  assert.equal(clock.timers, 1);
});

test('a timer made by a timer runs in the same advance when it falls due; a cancelled one never', () => {
  const clock = new ManualClock();
  const ran: number[] = [];
  const cancelled = clock.after(25, () => ran.push(-1));
  clock.after(10, () => {
    cancelled.cancel();
    clock.after(10, () => ran.push(clock.monotonic()));
    clock.after(30, () => ran.push(clock.monotonic()));
  });
  clock.advance(30);
  assert.deepEqual(ran, [20]);
  clock.advance(10);
  assert.deepEqual(ran, [20, 40]);
});
