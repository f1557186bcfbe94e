import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { AttesterKeys } from './attester-keys.js';

const keys = new AttesterKeys('a secret of tests, long enough for all');
const [publicKey, other, key] = [64, 64, 32].map((length) => Uint8Array.from(randomBytes(length)));
assert.ok(publicKey !== undefined && other !== undefined && key !== undefined);

test('a sealed key opens for its public key, and shows neither', () => {
  const sealed = keys.seal(publicKey, key);
  assert.deepEqual(keys.open(publicKey, sealed), key);
  for (const bytes of [publicKey, key]) {
    assert.ok(!Buffer.from(sealed, 'base64').includes(Buffer.from(bytes)));
    assert.ok(!sealed.includes(Buffer.from(bytes).toString('hex')));
  }
});

test('it opens for no other public key, nor under another secret', () => {
  const sealed = keys.seal(publicKey, key);
  assert.equal(keys.open(other, sealed), null);
  assert.equal(new AttesterKeys('another secret of tests, long enough too').open(publicKey, sealed), null);
  assert.equal(keys.open(publicKey, ''), null);
  assert.equal(keys.open(publicKey, sealed.slice(4)), null);
});
