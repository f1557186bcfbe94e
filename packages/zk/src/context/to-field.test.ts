import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { SCALAR_MODULUS } from '../field/index.js';
import { toField } from './index.js';

const hashed = (text: string) =>
  BigInt(`0x00${createHash('sha256').update(text, 'utf8').digest('hex').slice(2)}`);

test('a canonical decimal below r is itself', () => {
  for (const text of ['0', '1706454600', (SCALAR_MODULUS - 1n).toString()]) {
    assert.equal(toField(text), BigInt(text));
  }
});

test('any other text is its SHA-256 without the top eight bits', () => {
  const numbers = ['0123', '0x1f', '-1', ' 1', SCALAR_MODULUS.toString(), (SCALAR_MODULUS + 5n).toString()];
  for (const text of ['', 'session-123', 'grüße-☃-🙂', ...numbers])
    assert.equal(toField(text), hashed(text), text);
  assert.equal(
    toField('session-123'),
    0xc84322f82434cb46e239d20daf1f3714eeb5077f87fb0f0cd4bd336bc01b54n,
    'by sha256sum',
  );
});

test('half a surrogate pair is refused, and a whole one is a character', () => {
  for (const text of ['\ud800', 'a\udfffb', '\udc00\ud800', '🙂\ud83d']) {
    assert.throws(() => toField(text), { name: 'RangeError', message: /^contextId / }, JSON.stringify(text));
  }
  assert.equal(toField('\ud83d\ude42'), hashed('🙂'));
});

test('what it answers stays as it is when it is converted again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const element = toField(text);
      assert.ok(element >= 0n && element < SCALAR_MODULUS);
      assert.equal(toField(element.toString()), element);
    }),
  );
});
