import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../clock.manual.js';
import { AddressBlinder } from './log.js';

const HOUR = 3_600_000;
/** 14 November 2023, 00:00 UTC. */
const MIDNIGHT = 1_699_920_000_000;

test('an address blinds to the same all day, another to another', () => {
  const clock = new ManualClock(MIDNIGHT);
  const blinder = new AddressBlinder(clock);
  const morning = blinder.blind('192.0.2.1');
  clock.advance(24 * HOUR - 1);
  assert.equal(blinder.blind('192.0.2.1'), morning);
  assert.notEqual(blinder.blind('192.0.2.2'), morning);
});

test('the next day no address blinds as it did the day before', () => {
  const clock = new ManualClock(MIDNIGHT);
  const blinder = new AddressBlinder(clock);
  const seen = new Set<string>();
  for (let day = 0; day < 50; day++) {
    seen.add(blinder.blind('192.0.2.1'));
    clock.advance(24 * HOUR);
  }
  assert.equal(seen.size, 50);
});

test('a day that comes back by a clock set wrong does not bring its salt back', () => {
  const clock = { time: MIDNIGHT, now: () => clock.time };
  const blinder = new AddressBlinder(clock);
  const first = blinder.blind('192.0.2.1');
  clock.time += 24 * HOUR;
  blinder.blind('192.0.2.1');
  clock.time -= 24 * HOUR;
  assert.notEqual(blinder.blind('192.0.2.1'), first);
});

test('two servers blind the same address differently, and neither shows it', () => {
  const clock = new ManualClock(MIDNIGHT);
  const [one, two] = [new AddressBlinder(clock), new AddressBlinder(clock)];
  assert.notEqual(one.blind('192.0.2.1'), two.blind('192.0.2.1'));
  assert.match(one.blind('192.0.2.1'), /^[0-9a-f]{16}$/);
});
