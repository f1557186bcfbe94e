import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deriveKey } from './keys.js';
import { AesSealer } from './sealer.js';

const sealer = new AesSealer(deriveKey('the secret of a test', 'sealed'));
const stranger = new AesSealer(deriveKey('the secret of a test', 'sealed by another'));

test('what is sealed opens to what it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      assert.equal(sealer.open(sealer.seal(text)), text);
    }),
  );
});

test('equal texts seal differently and do not show the text', () => {
  const sealed = Array.from({ length: 100 }, () => sealer.seal('attack at dawn'));
  assert.equal(new Set(sealed).size, sealed.length);
  for (const text of sealed) assert.doesNotMatch(Buffer.from(text, 'base64').toString('latin1'), /attack/);
});

test('another key opens nothing', () => {
  assert.equal(stranger.open(sealer.seal('text')), null);
});

test('a sealed text with one bit changed or its end cut off does not open', () => {
  const bytes = Buffer.from(sealer.seal('text'), 'base64');
  for (const [index, byte] of bytes.entries()) {
    const bent = Buffer.from(bytes);
    bent[index] = byte ^ 1;
    assert.equal(sealer.open(bent.toString('base64')), null);
    assert.equal(sealer.open(bytes.subarray(0, index).toString('base64')), null);
  }
});

test('any text may be offered to be opened', () => {
  fc.assert(fc.property(fc.string(), (text) => assert.equal(sealer.open(text), null)));
});
