import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chosenEncoding } from './encoding.js';

test('the smallest that is allowed is chosen (RFC 9110 §12.5.3)', () => {
  for (const [accepted, encoding] of [
    [undefined, 'identity'],
    ['', 'identity'],
    ['identity', 'identity'],
    ['deflate', 'identity'],
    ['gzip', 'gzip'],
    ['gzip, deflate, br, zstd', 'br'],
    ['GZIP', 'gzip'],
    ['br;q=0, gzip;q=0.1', 'gzip'],
    ['br;q=0.000', 'identity'],
    ['*', 'br'],
    ['*;q=0', 'identity'],
    ['br;q=0, *', 'gzip'],
    ['gzip;q=2', 'identity'],
    ['gzip ; q=0.5', 'gzip'],
  ] as const) {
    assert.equal(chosenEncoding(accepted), encoding, accepted);
  }
});

test('any text chooses something', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.ok(['br', 'gzip', 'identity'].includes(chosenEncoding(text)));
    }),
  );
});
