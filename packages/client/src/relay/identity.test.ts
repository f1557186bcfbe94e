import assert from 'node:assert/strict';
import { createHash, createPrivateKey, createPublicKey, verify } from 'node:crypto';
import { test } from 'node:test';
import { Identity, identityHash } from './identity.js';

// RFC 8032, 7.1, test 1.
const SECRET = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
const PUBLIC = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
const PKCS8 = '302e020100300506032b657004220420';

test('RFC 8032 test 1: the secret gives its public key, and the hash is SHA-256 of it', () => {
  const identity = Identity.fromSecret(Buffer.from(SECRET, 'hex'));
  assert.equal(identity.publicKey, Buffer.from(PUBLIC, 'hex').toString('base64'));
  assert.equal(identity.hash, createHash('sha256').update(Buffer.from(PUBLIC, 'hex')).digest('hex'));
  assert.equal(identityHash(identity.publicKey), identity.hash);
});

test('a signature verifies with node:crypto over the UTF-8 of the text', () => {
  const identity = Identity.fromSecret(Buffer.from(SECRET, 'hex'));
  const key = createPublicKey(
    createPrivateKey({ key: Buffer.from(PKCS8 + SECRET, 'hex'), format: 'der', type: 'pkcs8' }),
  );
  const text = 'AUTH:127.0.0.1:8080:grüß gott';
  assert.ok(verify(null, Buffer.from(text), key, Buffer.from(identity.sign(text), 'base64')));
});

test('an identity survives being stored by its secret', () => {
  const made = Identity.create();
  assert.equal(Identity.fromSecret(made.secret).hash, made.hash);
  assert.notEqual(Identity.create().hash, made.hash);
});

test('a stored secret is copied in and out', () => {
  const secret = Buffer.from(SECRET, 'hex');
  const identity = Identity.fromSecret(secret);
  secret.fill(0);
  identity.secret.fill(0);
  assert.equal(Buffer.from(identity.secret).toString('hex'), SECRET);
});

test('a secret that is not 32 bytes is refused', () => {
  assert.throws(() => Identity.fromSecret(new Uint8Array(31)), RangeError);
});
