import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, count, millis, NOTHING, ofBound, span, units } from './figures.js';

test('figures are written with their unit, and what is not known as a dash', () => {
  assert.deepEqual([count(1_234_567), count(null)], ['1,234,567', NOTHING]);
  assert.deepEqual(
    [bytes(0), bytes(1_023), bytes(1_536), bytes(3 * 1_024 ** 3)],
    ['0 B', '1,020 B', '1.5 KiB', '3 GiB'],
  );
  assert.deepEqual(
    [millis(0.25), millis(12.34), millis(1_500), millis(null)],
    ['0.25 ms', '12.3 ms', '1.5 s', NOTHING],
  );
  assert.deepEqual([units(1), units(2_500_000)], ['0.000001', '2.5']);
  assert.deepEqual([ofBound('1', '5', 5), ofBound('1', '0', 0)], ['1 / 5', '1']);
});

test('a span is told by its two largest parts', () => {
  assert.deepEqual(
    [span(0), span(59), span(61), span(3_600), span(90_061)],
    ['0s', '59s', '1m 1s', '1h 0m', '1d 1h'],
  );
});
