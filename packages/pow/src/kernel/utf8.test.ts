import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeUtf8 } from './utf8.js';

test('texts of any length and any units are encoded as by TextEncoder, into bytes of their own', () => {
  const encoder = new TextEncoder();
  const units = fc.array(fc.nat(0xffff)).map((codes) => String.fromCharCode(...codes));
  const text = fc.oneof(
    units,
    units.map((part) => part.padEnd(255, part)),
    units.map((part) => part.padEnd(300, '☃')),
  );
  fc.assert(
    fc.property(text, text, (one, other) => {
      const bytes = encodeUtf8(one);
      encodeUtf8(other);
      assert.deepEqual(bytes, encoder.encode(one));
    }),
  );
  assert.equal(encodeUtf8('☃'.repeat(256)).length, 768);
});
