import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readVerificationKey } from './index.js';
import { keyJson, Trapdoor } from './trapdoor.fixture.js';

const { key } = new Trapdoor([1n, 2n, 3n]);
const JSON_KEY = keyJson(key);

function fieldOf(json: unknown): string {
  const read = readVerificationKey(json);
  return read.ok ? 'accepted' : read.field;
}

test('a key of snarkjs is read, whatever it says that follows from the rest', () => {
  assert.deepEqual(readVerificationKey(JSON_KEY), { ok: true, value: key });
  assert.deepEqual(readVerificationKey({ ...JSON_KEY, vk_alphabeta_12: [] }), { ok: true, value: key });
});

test('a refusal names the first field at fault', () => {
  for (const json of [undefined, null, [], 'key']) assert.equal(fieldOf(json), 'verificationKey');
  assert.equal(fieldOf({ ...JSON_KEY, protocol: 'plonk' }), 'protocol');
  assert.equal(fieldOf({ ...JSON_KEY, curve: 'bls12381' }), 'curve');
  assert.equal(fieldOf({ ...JSON_KEY, nPublic: 3 }), 'nPublic');
  assert.equal(fieldOf({ ...JSON_KEY, IC: undefined }), 'IC');
  assert.equal(fieldOf({ ...JSON_KEY, IC: [] }), 'IC');
  assert.equal(fieldOf({ ...JSON_KEY, IC: new Array(66).fill(JSON_KEY.IC[0]) }), 'IC');
  assert.equal(fieldOf({ ...JSON_KEY, IC: JSON_KEY.IC.with(1, ['1', '1', '1']) }), 'IC.1');
  assert.equal(fieldOf({ ...JSON_KEY, vk_alpha_1: ['0', '1', '0'] }), 'vk_alpha_1.2');
  for (const name of ['vk_beta_2', 'vk_gamma_2', 'vk_delta_2']) {
    assert.equal(fieldOf({ ...JSON_KEY, [name]: undefined }), name);
    assert.equal(fieldOf({ ...JSON_KEY, [name]: JSON_KEY.vk_beta_2.toReversed() }), `${name}.2`);
  }
});
