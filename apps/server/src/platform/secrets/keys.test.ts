import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { blinder, deriveKey } from './keys.js';

const SECRET = 'the secret of a test, long enough';

test('a key is 32 bytes, the same for one secret and label, another for another', () => {
  const key = deriveKey(SECRET, 'label');
  assert.equal(key.length, 32);
  assert.deepEqual(deriveKey(SECRET, 'label'), key);
  assert.notDeepEqual(deriveKey(SECRET, 'other label'), key);
  assert.notDeepEqual(deriveKey(`${SECRET}.`, 'label'), key);
});

test('a key is HKDF-SHA-256 of the secret (RFC 5869)', () => {
  const extracted = createHmac('sha256', 'blindpost').update(SECRET).digest();
  const expanded = createHmac('sha256', extracted).update('label').update(Buffer.of(1)).digest();
  assert.deepEqual(deriveKey(SECRET, 'label'), expanded);
});

test('a blinded text is HMAC-SHA-256 in hex and shows nothing of the text', () => {
  const key = deriveKey(SECRET, 'label');
  const expected = createHmac('sha256', key).update('alice').digest('hex');
  assert.equal(blinder(key)('alice'), expected);
  assert.notEqual(blinder(deriveKey(SECRET, 'other label'))('alice'), expected);
});
