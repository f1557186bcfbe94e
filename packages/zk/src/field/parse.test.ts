import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BASE_MODULUS, parseDecimal, parseNumber, randomScalar, SCALAR_MODULUS } from './index.js';

const element = fc.bigInt(0n, SCALAR_MODULUS - 1n);

test('every element has one decimal, and it is read back', () => {
  for (const value of [0n, 1n, SCALAR_MODULUS - 1n]) {
    assert.equal(parseDecimal(value.toString(), SCALAR_MODULUS), value);
  }
  fc.assert(fc.property(element, (value) => parseDecimal(value.toString(), SCALAR_MODULUS) === value));
});

test('x + r is refused, in decimal and in hex, whatever the modulus', () => {
  for (const modulus of [SCALAR_MODULUS, BASE_MODULUS]) {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 256n - 1n - modulus), (x) => {
        assert.equal(parseNumber((x + modulus).toString(), modulus), undefined);
        assert.equal(parseNumber(`0x${(x + modulus).toString(16)}`, modulus), undefined);
      }),
    );
  }
});

test('an element of the larger field is none of the smaller', () => {
  assert.equal(parseDecimal(SCALAR_MODULUS.toString(), BASE_MODULUS), SCALAR_MODULUS);
  assert.equal(parseDecimal(SCALAR_MODULUS.toString(), SCALAR_MODULUS), undefined);
});

test('hex is read as a number, of either case and padded or not, where it is allowed', () => {
  fc.assert(
    fc.property(element, (value) => {
      const digits = value.toString(16);
      for (const text of [digits, digits.toUpperCase(), digits.padStart(64, '0')]) {
        assert.equal(parseNumber(`0x${text}`, SCALAR_MODULUS), value);
        assert.equal(parseDecimal(`0x${text}`, SCALAR_MODULUS), undefined);
      }
    }),
  );
});

test('any other spelling of a number is refused', () => {
  const spellings = [
    '',
    '00',
    '0123',
    '-1',
    '-0',
    '+1',
    ' 1',
    '1 ',
    '1\n',
    '\t1',
    '1.0',
    '1e3',
    '1_000',
    '1n',
    '١',
    '\uff11',
  ];
  const hexes = [
    '0x',
    '0X1',
    '-0x1',
    '0x 1',
    '0x1\n',
    '0xg',
    '0o7',
    '0b1',
    'ff',
    `0x${'0'.repeat(65)}`,
    '00x1',
  ];
  for (const text of [...spellings, ...hexes, '9'.repeat(79), '9'.repeat(1_000_000)]) {
    assert.equal(parseNumber(text, SCALAR_MODULUS), undefined, text.slice(0, 80));
  }
});

test('what is no text is refused', () => {
  for (const value of [1, 1n, null, undefined, true, ['1'], { toString: () => '1' }, new String('1')]) {
    assert.equal(parseNumber(value, SCALAR_MODULUS), undefined);
  }
});

test('random scalars are below the modulus, use all its bits and do not repeat', () => {
  const drawn = Array.from({ length: 500 }, randomScalar);
  assert.ok(drawn.every((scalar) => scalar >= 0n && scalar < SCALAR_MODULUS));
  assert.equal(new Set(drawn).size, drawn.length);
  const either = drawn.reduce((bits, scalar) => bits | scalar, 0n);
  assert.equal(either, 2n ** 254n - 1n);
});
