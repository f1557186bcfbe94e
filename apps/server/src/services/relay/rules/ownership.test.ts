import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { makeIdentity } from '@blindpost/testbed/keys';
import { isKeyOf, refuseUnlessProven } from './ownership.js';

const alice = makeIdentity();
const mallory = makeIdentity();
const TEXT = 'BURN:seed:hash';

const hashOf = (key: Buffer) => createHash('sha256').update(key).digest('hex');

test('an identity is the SHA-256 of its raw key', () => {
  assert.equal(isKeyOf(alice.hash, alice.publicKey), true);
  assert.equal(isKeyOf(mallory.hash, alice.publicKey), false);
  assert.equal(isKeyOf(alice.hash.toUpperCase(), alice.publicKey), false);
});

test('key and signature of the identity over the text prove it', () => {
  const proof = { identityKey: alice.publicKey, signature: alice.sign(TEXT) };
  assert.equal(refuseUnlessProven(alice.hash, proof, TEXT), null);
});

test('leaving a member out or empty is refused like a wrong one, and names it', () => {
  const identityKey = alice.publicKey;
  const signature = alice.sign(TEXT);
  const refusals: [{ identityKey?: string; signature?: string }, string][] = [
    [{}, 'identityKey'],
    [{ signature }, 'identityKey'],
    [{ identityKey: '', signature }, 'identityKey'],
    [{ identityKey: mallory.publicKey, signature: mallory.sign(TEXT) }, 'identityKey'],
    [{ identityKey }, 'signature'],
    [{ identityKey, signature: '' }, 'signature'],
    [{ identityKey, signature: mallory.sign(TEXT) }, 'signature'],
    [{ identityKey, signature: alice.sign(`${TEXT} `) }, 'signature'],
  ];
  for (const [proof, field] of refusals) {
    const refusal = refuseUnlessProven(alice.hash, proof, TEXT);
    assert.equal(refusal?.code, 'ERR_FORBIDDEN');
    assert.equal(refusal?.details.field, field);
  }
});

/** Encodings of y that are no point, or a point of small order. */
const ODD_KEYS: [string, Buffer][] = [
  ['the neutral point', Buffer.from('01'.padEnd(64, '0'), 'hex')],
  ['a point of order 4', Buffer.alloc(32)],
  [
    'a point of order 8',
    Buffer.from('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', 'hex'),
  ],
  ['no point of the curve', Buffer.from('02'.padEnd(64, '0'), 'hex')],
  ['a y beyond the field', Buffer.alloc(32, 0xff)],
];
for (const [name, key] of ODD_KEYS) {
  test(`${name} as a key throws nothing and proves nothing by somebody's signature`, () => {
    const identityKey = key.toString('base64');
    const refusal = refuseUnlessProven(hashOf(key), { identityKey, signature: alice.sign(TEXT) }, TEXT);
    assert.equal(refusal?.details.field, 'signature');
  });
}
