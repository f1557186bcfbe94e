import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { signed, unsigned } from './leb128.js';

test('the examples of DWARF 4, figures 22 and 23', () => {
  assert.deepEqual([2, 127, 128, 129, 12_857].map(unsigned), [
    [2],
    [0x7f],
    [0x80, 1],
    [0x81, 1],
    [0xb9, 0x64],
  ]);
  assert.deepEqual([2, -2, 127, -127, 128, -128].map(signed), [
    [2],
    [0x7e],
    [0xff, 0],
    [0x81, 0x7f],
    [0x80, 1],
    [0x80, 0x7f],
  ]);
});

test('every word comes back from its bytes, of which only the last one ends', () => {
  fc.assert(
    fc.property(fc.integer(), (word) => {
      for (const bytes of [unsigned(word), signed(word)]) {
        assert.ok(bytes.length <= 5);
        assert.ok(bytes.every((byte, i) => byte >> 7 === (i < bytes.length - 1 ? 1 : 0)));
      }
      const value = (bytes: number[]) =>
        bytes.reduce((sum, byte, i) => sum + BigInt(byte & 0x7f) * 128n ** BigInt(i), 0n);
      assert.equal(value(unsigned(word)), BigInt(word >>> 0));
      const bytes = signed(word);
      assert.equal(BigInt.asIntN(7 * bytes.length, value(bytes)), BigInt(word));
    }),
  );
});
