import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { byteKey } from './byte-key.js';

test('two arrays have one key if, and only if, their bytes are the same, wherever they lie in memory', () => {
  const bytes = fc.uint8Array({ maxLength: 3 });
  fc.assert(
    fc.property(bytes, bytes, (one, two) => {
      const same = one.length === two.length && one.every((byte, at) => byte === two[at]);
      assert.equal(byteKey(one) === byteKey(two), same);
      assert.equal(byteKey(new Uint8Array([7, ...one, 7]).subarray(1, 1 + one.length)), byteKey(one));
    }),
  );
});
