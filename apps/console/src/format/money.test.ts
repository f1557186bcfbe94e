import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { microOf, unitsOf } from './money.js';

test('what is written is read as the same amount, to the last micro', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (micro) => {
      assert.equal(microOf(unitsOf(micro)), micro);
    }),
  );
});

test('money is written without digits that say nothing', () => {
  for (const [micro, units] of [
    [0, '0'],
    [1, '0.000001'],
    [1_000_000, '1'],
    [1_234_500, '1.2345'],
    [Number.MAX_SAFE_INTEGER, '9007199254.740991'],
  ] as const) {
    assert.equal(unitsOf(micro), units);
  }
});

test('what is no amount is none', () => {
  for (const typed of [
    '',
    ' ',
    '0',
    '0.000000',
    '-1',
    '1,5',
    '1.',
    '.5',
    '1e3',
    '0.0000001',
    '9007199255',
    'x',
  ])
    assert.equal(microOf(typed), undefined, typed);
});
