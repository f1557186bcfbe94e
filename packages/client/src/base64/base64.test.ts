import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeBase64, encodeBase64 } from './base64.js';

test('bytes are spelled as Node spells them, and read back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = encodeBase64(bytes);
      assert.equal(text, Buffer.from(bytes).toString('base64'));
      assert.deepEqual(decodeBase64(text), bytes);
    }),
  );
});

test('any other text is refused', () => {
  const texts = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('A', 'Q', '=', '+', '-') }));
  fc.assert(
    fc.property(texts, (text) => {
      const honest = Buffer.from(text, 'base64').toString('base64') === text;
      assert.equal(decodeBase64(text) !== undefined, honest, text);
    }),
  );
});

test('a payload of the largest size takes milliseconds, not a deep stack', () => {
  const bytes = new Uint8Array(256 * 1024).fill(0xa5);
  assert.deepEqual(decodeBase64(encodeBase64(bytes)), bytes);
});
