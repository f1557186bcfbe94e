import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../../platform/clock.manual.js';
import { Dummies } from './dummies.js';

function bench() {
  const clock = new ManualClock();
  const sent: number[] = [];
  return { clock, sent, dummies: new Dummies(clock, () => sent.push(clock.monotonic())) };
}

/** 500, 1000, … up to `last`. */
const each500 = (from: number, last: number): number[] =>
  Array.from({ length: (last - from) / 500 + 1 }, (_, index) => from + 500 * index);

test('nothing is sent before the first real frame', () => {
  const { clock, sent } = bench();
  clock.advance(60_000);
  assert.deepEqual(sent, []);
  assert.equal(clock.timers, 0);
});

test('a dummy goes each 500 ms of silence until 5 s after the last real frame, then none and no timer', () => {
  const { clock, sent, dummies } = bench();
  dummies.touch();
  clock.advance(60_000);
  assert.deepEqual(sent, each500(500, 4_500));
  assert.equal(clock.timers, 0);
});

test('a real frame begins both terms anew', () => {
  const { clock, sent, dummies } = bench();
  dummies.touch();
  clock.advance(1_200);
  dummies.touch();
  clock.advance(60_000);
  assert.deepEqual(sent, [...each500(500, 1_000), ...each500(1_700, 5_700)]);
});

test('none goes while real frames flow less than 500 ms apart', () => {
  const { clock, sent, dummies } = bench();
  for (let frame = 0; frame < 100; frame++) {
    dummies.touch();
    clock.advance(499);
  }
  assert.deepEqual(sent, []);
  clock.advance(1);
  assert.equal(sent.length, 1);
});

test('however many frames flow there is one timer', () => {
  const { clock, dummies } = bench();
  for (let frame = 0; frame < 1_000; frame++) {
    dummies.touch();
    clock.advance(3);
    assert.equal(clock.timers, 1);
  }
});

test('after the long silence a real frame begins it all again', () => {
  const { clock, sent, dummies } = bench();
  dummies.touch();
  clock.advance(20_000);
  dummies.touch();
  clock.advance(20_000);
  assert.deepEqual(sent, [...each500(500, 4_500), ...each500(20_500, 24_500)]);
});

test('a dummy that is sent is no real frame: it prolongs nothing', () => {
  const clock = new ManualClock();
  let sent = 0;
  const dummies = new Dummies(clock, () => {
    sent += 1;
  });
  dummies.touch();
  clock.advance(600_000);
  assert.equal(sent, 9);
});

test('stopped, it sends nothing more and leaves no timer, though real frames still come', () => {
  const { clock, sent, dummies } = bench();
  dummies.touch();
  clock.advance(700);
  dummies.stop();
  dummies.touch();
  assert.equal(clock.timers, 0);
  clock.advance(10_000);
  assert.deepEqual(sent, [500]);
});

test('stopping may happen while a dummy is sent', () => {
  const clock = new ManualClock();
  let sent = 0;
  const dummies = new Dummies(clock, () => {
    sent += 1;
    dummies.stop();
  });
  dummies.touch();
  clock.advance(10_000);
  assert.equal(sent, 1);
  assert.equal(clock.timers, 0);
});
