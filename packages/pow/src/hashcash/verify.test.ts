import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { leadingZeroBits, type Puzzle, verify } from './index.js';

const SEED = '19b25856e1c150ca834cffc8b59b23adbd0ec0389e58eb22b3b64768098d002b';
const IDENTITY = '689f6a627384c7dcb2dcc1487e540223e77bdf9dcd0d8be8a326eda65b0ce9a4';

/** Context, nonce and exact leading zero bits under SEED, by `sha256sum`. */
const VECTORS: [string, string, number][] = [
  ['', '7', 0],
  ['', '83163', 16],
  ['', '0000000000676817', 23],
  [IDENTITY, '0000000000918981', 24],
  [IDENTITY, '0000004705817966', 35],
  ['alice', '0000000000002834064', 23],
  ['grüße-☃-🙂', '0000000000026697', 19],
  ['x'.repeat(300), '000000000000000000075613', 16],
];

for (const [context, nonce, bits] of VECTORS) {
  test(`${bits} bits: context ${context.slice(0, 16) || 'empty'}, nonce ${nonce}`, () => {
    assert.equal(verify({ seed: SEED, context, difficulty: bits }, nonce), true);
    assert.equal(verify({ seed: SEED, context, difficulty: bits + 1 }, nonce), false);
  });
}

test('a hex digit is four bits, and a digit half zero does not count', () => {
  const puzzle: Puzzle = { seed: SEED, context: IDENTITY, difficulty: 6, unit: 'hex' };
  assert.equal(verify(puzzle, '0000000000918981'), true);
  assert.equal(verify({ ...puzzle, difficulty: 7 }, '0000000000918981'), false);
  assert.equal(verify({ ...puzzle, context: 'alice' }, '0000000000002834064'), false, '23 bits are 5 digits');
});

test('a nonce belongs to its seed and its context', () => {
  const puzzle: Puzzle = { seed: SEED, context: IDENTITY, difficulty: 20 };
  assert.equal(verify({ ...puzzle, seed: SEED.toUpperCase() }, '0000000000918981'), false);
  assert.equal(verify({ ...puzzle, context: `${IDENTITY} ` }, '0000000000918981'), false);
});

test('what is not 1 to 32 decimal digits is no solution, even of a puzzle that asks nothing', () => {
  const puzzle: Puzzle = { seed: SEED, context: '', difficulty: 0 };
  for (const nonce of ['0', '00', '9'.repeat(32)]) assert.equal(verify(puzzle, nonce), true, nonce);
  for (const nonce of [
    '',
    '0'.repeat(33),
    '-1',
    '+1',
    '1.0',
    '1e3',
    '0x1',
    ' 1',
    '1 ',
    '1\n',
    '1\0',
    '١',
    '１',
    'a',
  ]) {
    assert.equal(verify(puzzle, nonce), false, JSON.stringify(nonce));
  }
});

test('verify agrees with the system SHA-256 and throws on no text', () => {
  const text = fc.string({ unit: 'binary', maxLength: 200, size: 'max' });
  const nonce = fc.oneof(text, fc.stringMatching(/^[0-9]{1,32}$/));
  fc.assert(
    fc.property(text, text, nonce, fc.nat(8), (seed, context, nonce, difficulty) => {
      const digest = createHash('sha256')
        .update(seed + context + nonce)
        .digest();
      const valid = /^[0-9]{1,32}$/.test(nonce) && leadingZeroBits(digest) >= difficulty;
      assert.equal(verify({ seed, context, difficulty }, nonce), valid);
    }),
  );
});
