import assert from 'node:assert/strict';
import { test } from 'node:test';
import { delays, KEPT, latest, rates, type Sample, times, withSample } from './samples.js';

const BOUNDS = [0.01, 0.1, 1];

function sample(at: number, requests: number, more: Partial<NonNullable<Sample['seen']>> = {}): Sample {
  const rest = { messages: 0, envelopes: 0, submits: 0, proofs: 0, loopDelay: 0 };
  return { at, seen: { start: 1, requests, bounds: BOUNDS, counts: [requests, 0, 0, 0], ...rest, ...more } };
}

test('a rate is the difference of two counts over that of their times', () => {
  assert.deepEqual(rates([sample(10, 5), sample(12, 9), sample(14, 9)], 'requests'), [null, 2, 0]);
});

test('there is no rate across a gap or a restart', () => {
  const gap: Sample = { at: 12, seen: null };
  assert.deepEqual(rates([sample(10, 5), gap, sample(14, 9)], 'requests'), [null, null, null]);
  assert.deepEqual(rates([sample(10, 5), sample(12, 1, { start: 2 })], 'requests'), [null, null]);
});

test('times are those of the requests since some looks ago, in milliseconds', () => {
  const slow = sample(12, 20, { counts: [10, 10, 0, 0] });
  assert.deepEqual(
    times([sample(10, 10), slow], 0.5).map((ms) => ms && Math.round(ms)),
    [null, 55],
  );
  assert.deepEqual(times([sample(10, 10), sample(12, 10)], 0.5), [null, null]);
});

test('what was drawn last is the last that is known', () => {
  assert.equal(latest([1, 2, null]), 2);
  assert.equal(latest([]), null);
  assert.deepEqual(delays([sample(1, 1, { loopDelay: 3 }), { at: 2, seen: null }]), [3, null]);
});

test('so many samples are kept and no more, in order and each once', () => {
  let samples: readonly Sample[] = [];
  for (let at = 1; at <= KEPT + 7; at += 1) samples = withSample(samples, sample(at, at));
  assert.equal(samples.length, KEPT);
  assert.equal(samples[0]?.at, 8);
  assert.equal(withSample(samples, sample(KEPT + 7, 0)), samples);
});
