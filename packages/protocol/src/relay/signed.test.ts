import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signedText, workContext } from './signed.js';

const BUNDLE = { identityKey: 'ik', pq_identityKey: 'pq', signedPreKey: { id: 1 }, preKeys: [{ id: 2 }] };

test('the texts are those of the documents', () => {
  assert.equal(signedText.auth('relay.example:8080', 'seed', 'hash'), 'AUTH:relay.example:8080:seed:hash');
  assert.equal(signedText.nickname('seed', 'nick', 'hash'), 'NICK:seed:nick:hash');
  assert.equal(signedText.burn('seed', 'hash'), 'BURN:seed:hash');
  assert.equal(signedText.burnCompat('hash'), 'BURN:hash');
  assert.equal(signedText.alias('seed', 'alias', 'hash'), 'ALIAS:seed:alias:hash');
});

test('the signed parts of a bundle have one order, whatever order they came in', () => {
  const { preKeys, signedPreKey, pq_identityKey, identityKey } = BUNDLE;
  assert.equal(
    signedText.bundle({ preKeys, signedPreKey, pq_identityKey, identityKey }),
    '{"identityKey":"ik","pq_identityKey":"pq","signedPreKey":{"id":1},"preKeys":[{"id":2}]}',
  );
});

test('inside the parts the received order stands, and members beyond the schema stay', () => {
  const signedPreKey = { signature: 's', extra: [1, { z: null, a: false }], id: 1 };
  const text = signedText.bundle({ ...BUNDLE, signedPreKey, preKeys: [{ publicKey: 'p', id: 2, note: '' }] });
  assert.match(text, /"signedPreKey":\{"signature":"s","extra":\[1,\{"z":null,"a":false\}\],"id":1\}/);
  assert.match(text, /"preKeys":\[\{"publicKey":"p","id":2,"note":""\}\]/);
});

test('what stands beside the signed parts is no part of the text', () => {
  const upload = { ...BUNDLE, identity_hash: 'h', bundle_signature: 's', note: 'n' };
  assert.equal(signedText.bundle(upload), signedText.bundle(BUNDLE));
});

test('discoverable is the fifth member when it is given, and absent when it is not', () => {
  assert.ok(signedText.bundle({ ...BUNDLE, discoverable: true }).endsWith('],"discoverable":true}'));
  assert.ok(signedText.bundle({ ...BUNDLE, discoverable: false }).endsWith('],"discoverable":false}'));
  assert.equal(signedText.bundle({ ...BUNDLE, discoverable: undefined }), signedText.bundle(BUNDLE));
});

test('work for a multicast is bound to all its recipients in order', () => {
  assert.equal(workContext.multicast(['b', 'a']), 'b,a');
  assert.equal(workContext.decoy, '');
});
