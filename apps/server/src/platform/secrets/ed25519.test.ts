import assert from 'node:assert/strict';
import { createPublicKey, sign } from 'node:crypto';
import { test } from 'node:test';
import { makeIdentity } from '@blindpost/testbed/keys';
import fc from 'fast-check';
import { isSigned, signingKey } from './ed25519.js';

const alice = makeIdentity();
const TEXT = 'BURN:seed:hash';

const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');

test('RFC 8032 section 7.1, test 1: the seed gives the key and the signature', () => {
  const key = signingKey(
    Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex'),
  );
  const raw = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
  assert.equal(raw, base64('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'));
  assert.equal(isSigned(raw, sign(null, Buffer.from(TEXT), key).toString('base64'), TEXT), true);
});

test('RFC 8032 section 7.1, test 1: the empty text', () => {
  const key = base64('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
  const signature = base64(
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  );
  assert.equal(isSigned(key, signature, ''), true);
  assert.equal(isSigned(key, signature, ' '), false);
});

test('RFC 8032 section 7.1, test 2: one byte', () => {
  const key = base64('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
  const signature = base64(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  );
  assert.equal(isSigned(key, signature, 'r'), true);
  assert.equal(isSigned(key, signature, 's'), false);
});

test('a text beyond ASCII is signed as UTF-8', () => {
  assert.equal(isSigned(alice.publicKey, alice.sign('grüße-☃-🙂'), 'grüße-☃-🙂'), true);
});

test('a signature with any bit changed does not verify', () => {
  const signature = Buffer.from(alice.sign(TEXT), 'base64');
  for (let bit = 0; bit < 8 * signature.length; bit++) {
    const bent = Buffer.from(signature);
    bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.equal(isSigned(alice.publicKey, bent.toString('base64'), TEXT), false, `bit ${bit}`);
  }
});

test('a signature is not malleable: adding the order of the group to S does not verify (RFC 8032, 5.1.7)', () => {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const signature = Buffer.from(alice.sign(TEXT), 'base64');
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + order;
  Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse().copy(signature, 32);
  assert.equal(isSigned(alice.publicKey, signature.toString('base64'), TEXT), false);
});

test('keys and signatures of any bytes and lengths throw nothing and verify nothing', () => {
  const bytes = fc
    .uint8Array({ maxLength: 100, size: 'max' })
    .map((raw) => Buffer.from(raw).toString('base64'));
  fc.assert(
    fc.property(bytes, bytes, fc.string(), (key, signature, text) => {
      assert.equal(isSigned(key, signature, text), false);
      assert.equal(isSigned(alice.publicKey, signature, text), false);
    }),
  );
});
