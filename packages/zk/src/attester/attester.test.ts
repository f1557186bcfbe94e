import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildPoseidonReference } from 'circomlibjs';
import { toField } from '../context/index.js';
import { ENTITY_TYPES, typeMask } from '../entity-types/index.js';
import { randomKey, sign, signingKey, verifySignature } from '../signature/index.js';
import { attestedMessage, attesterLeaf, possessionMessage } from './index.js';

const reference = await buildPoseidonReference();
const poseidon = (...inputs: bigint[]) => reference.F.toObject(reference(inputs));
const key = signingKey(randomKey());
const { x, y } = key.publicKey;

test('leaf and messages are the Poseidon hashes that circomlib computes', () => {
  const mask = typeMask(ENTITY_TYPES.slice(0, 3));
  assert.equal(attesterLeaf(key.publicKey, mask), poseidon(x, y, 7n));
  for (const type of ENTITY_TYPES)
    assert.equal(attestedMessage(5n, type), poseidon(5n, BigInt(type.numeric)));
  assert.equal(
    possessionMessage(key.publicKey, 'anthropic'),
    poseidon(x, y, toField('blindpost-attester:anthropic')),
  );
});

test('a proof of possession holds for its key and its name only', () => {
  const proof = sign(key, possessionMessage(key.publicKey, 'anthropic'));
  const other = signingKey(randomKey()).publicKey;
  assert.equal(verifySignature(key.publicKey, possessionMessage(key.publicKey, 'anthropic'), proof), true);
  assert.equal(verifySignature(key.publicKey, possessionMessage(key.publicKey, 'openai'), proof), false);
  assert.equal(verifySignature(other, possessionMessage(other, 'anthropic'), proof), false);
});
