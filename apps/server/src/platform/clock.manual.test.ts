import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from './clock.manual.js';

test('tasks run in the order of their times, each seeing its own time as the present', () => {
  const clock = new ManualClock(1_000);
  const ran: [string, number][] = [];
  const note = (name: string) => () => ran.push([name, clock.monotonic()]);
  clock.after(20, note('late'));
  clock.after(10, note('early'));
  clock.after(10, note('early too'));
  clock.after(31, note('never'));
  clock.advance(30);
  assert.deepEqual(ran, [
    ['early', 10],
    ['early too', 10],
    ['late', 20],
  ]);
  assert.equal(clock.now(), 1_030);
  assert.equal(clock.timers, 1);
});

test('a task made by a task runs in the same advance if it falls due', () => {
  const clock = new ManualClock();
  const ran: number[] = [];
  clock.after(10, () => clock.after(5, () => ran.push(clock.monotonic())));
  clock.advance(14);
  assert.deepEqual(ran, []);
  clock.advance(1);
  assert.deepEqual(ran, [15]);
});

test('a cancelled task does not run and waits no more', () => {
  const clock = new ManualClock();
  const timer = clock.after(1, () => assert.fail('it was cancelled'));
  timer.cancel();
  assert.equal(clock.timers, 0);
  clock.advance(10);
});
