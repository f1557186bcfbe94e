import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FRAME_SIZE, MAX_FRAME } from '@blindpost/protocol/relay';
import fc from 'fast-check';
import { RelayError } from './errors.js';
import { encodeFrame, MAX_PADDED, pad, utf8Length } from './padding.js';

const text = fc.string({ unit: 'binary', maxLength: 4000 });
/** Lone surrogates too: JSON.stringify escapes them, but the count must not depend on that. */
const anyUnits = fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units));

test('a padded text is whole frames long, and the text with spaces after it', () => {
  fc.assert(
    fc.property(text, (body) => {
      const json = JSON.stringify({ body });
      const padded = pad(json);
      assert.equal(Buffer.byteLength(padded) % FRAME_SIZE, 0);
      assert.ok(padded.startsWith(json));
      assert.ok(Buffer.byteLength(padded) - Buffer.byteLength(json) < FRAME_SIZE);
      assert.deepEqual(JSON.parse(padded), { body });
    }),
  );
});

test('utf8Length is what the encoder makes of any text', () => {
  fc.assert(fc.property(fc.oneof(text, anyUnits), (any) => utf8Length(any) === Buffer.byteLength(any)));
});

test('a frame is refused exactly when its padded text exceeds what the relay takes', () => {
  const overhead = JSON.stringify({ body: '' }).length;
  for (const char of ['a', 'é', '€']) {
    const most = Math.floor((MAX_PADDED - overhead) / Buffer.byteLength(char));
    assert.ok(Buffer.byteLength(pad(encodeFrame({ body: char.repeat(most) }))) <= MAX_FRAME);
    assert.throws(
      () => encodeFrame({ body: char.repeat(most + 1) }),
      (error) => error instanceof RelayError && error.code === 'too_large',
    );
  }
});
