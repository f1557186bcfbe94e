import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { leadingZeroBits } from './index.js';

test('the first one bit ends the count, most significant bit first', () => {
  assert.equal(leadingZeroBits(Uint8Array.of(0x80)), 0);
  assert.equal(leadingZeroBits(Uint8Array.of(0x01)), 7);
  assert.equal(leadingZeroBits(Uint8Array.of(0, 0x7f, 0)), 9);
  assert.equal(leadingZeroBits(new Uint8Array(32)), 256);
});

test('the count agrees with the digest written in binary', () => {
  const digest = fc
    .tuple(fc.nat(32), fc.uint8Array({ minLength: 32, maxLength: 32 }))
    .map(([zeros, bytes]) => bytes.fill(0, 0, zeros));
  fc.assert(
    fc.property(digest, (bytes) => {
      const binary = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
      assert.equal(leadingZeroBits(bytes), `${binary}1`.indexOf('1'));
    }),
  );
});
