import assert from 'node:assert/strict';
import { hkdfSync } from 'node:crypto';
import { test } from 'node:test';
import { buildPoseidonReference } from 'circomlibjs';
import fc from 'fast-check';
import { SCALAR_MODULUS } from '../field/index.js';
import { commitmentOf, nullifierOf, randomSecrets, secretsFromHex } from './index.js';

const reference = await buildPoseidonReference();
const poseidon = (...inputs: bigint[]) => reference.F.toObject(reference(inputs));
const scalar = fc.bigInt(0n, SCALAR_MODULUS - 1n);

test('commitment and nullifier are the Poseidon hashes that circomlib computes', () => {
  fc.assert(
    fc.property(scalar, scalar, (one, other) => {
      assert.equal(commitmentOf({ secret: one, salt: other }), poseidon(one, other));
      assert.equal(nullifierOf(one, other), poseidon(one, other, 1n));
    }),
    { numRuns: 20 },
  );
});

test('secret and salt of a key are its HKDF under a label each, reduced', () => {
  const key = '000102030405060708090a0b0c0d0e0f';
  const expected = (label: string) => {
    const bytes = hkdfSync('sha256', Buffer.from(key, 'hex'), '', label, 48);
    return BigInt(`0x${Buffer.from(bytes).toString('hex')}`) % SCALAR_MODULUS;
  };
  const secrets = secretsFromHex(key);
  assert.deepEqual(secrets, {
    secret: expected('blindpost-entity:secret'),
    salt: expected('blindpost-entity:salt'),
  });
  assert.deepEqual(secretsFromHex(`0x${key.toUpperCase()}`), secrets, 'however the hex is written');
});

test('a key that is short enough to guess, or no hex, makes no secrets', () => {
  for (const hex of [
    '',
    '0x',
    'ab'.repeat(15),
    'a'.repeat(33),
    'ab'.repeat(65),
    'g'.repeat(32),
    ` ${'ab'.repeat(16)}`,
  ]) {
    assert.equal(secretsFromHex(hex), undefined, hex);
  }
  assert.notEqual(secretsFromHex('ab'.repeat(64)), undefined);
});

test('random secrets are drawn apart', () => {
  const drawn = Array.from({ length: 100 }, randomSecrets).flatMap(({ secret, salt }) => [secret, salt]);
  assert.equal(new Set(drawn).size, 200);
});
