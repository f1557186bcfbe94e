import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bn254 } from '@noble/curves/bn254.js';
import { BASE_MODULUS, SCALAR_MODULUS } from '../field/index.js';
import { entitySignals, readProof, SIGNAL_COUNT, SIGNAL_NAMES, writeProof } from './index.js';

const { x, y } = bn254.G2.Point.BASE.toAffine();
const TWIST = [
  [`${x.c0}`, `${x.c1}`],
  [`${y.c0}`, `${y.c1}`],
  ['1', '0'],
];
const PROOF = {
  pi_a: ['1', '2', '1'],
  pi_b: TWIST,
  pi_c: ['1', '2', '1'],
  protocol: 'groth16',
  curve: 'bn128',
};
const SIGNALS = ['0', '1', '257', '3', `${SCALAR_MODULUS - 1n}`];

function fieldOf(proof: unknown, publicSignals: unknown = SIGNALS): string {
  const read = readProof(proof, publicSignals, 5);
  return read.ok ? 'accepted' : read.field;
}

test('what is written in canonical decimals is read and written as it was', () => {
  const read = readProof(PROOF, SIGNALS, 5);
  assert.ok(read.ok);
  assert.deepEqual(writeProof(read.value), { proof: PROOF, publicSignals: SIGNALS });
});

test('hex is read as the number it is, and written as decimals', () => {
  const { curve, ...proof } = PROOF;
  const read = readProof(
    { ...proof, pi_a: ['0x1', '0x02', '0x1'] },
    ['0x0', '0x1', '0x0101', '0x3', SIGNALS[4]],
    5,
  );
  assert.ok(read.ok);
  assert.deepEqual(writeProof(read.value), { proof: { ...proof, curve }, publicSignals: SIGNALS });
});

test('a refusal names the first field at fault', () => {
  const { pi_a, pi_b, ...rest } = PROOF;
  assert.equal(fieldOf(undefined), 'proof');
  for (const proof of [null, [], 'x', 7]) assert.equal(fieldOf(proof), 'proof');
  assert.equal(fieldOf({ pi_b, ...rest }), 'proof.pi_a');
  assert.equal(fieldOf({ ...PROOF, pi_a: ['1', '2'] }), 'proof.pi_a');
  assert.equal(fieldOf({ ...PROOF, pi_a: ['1', '2', '1', '0'] }), 'proof.pi_a');
  assert.equal(fieldOf({ ...PROOF, pi_a: ['1', '02', '1'] }), 'proof.pi_a.1');
  assert.equal(fieldOf({ ...PROOF, pi_c: [1, '2', '1'] }), 'proof.pi_c.0');
  assert.equal(fieldOf({ ...PROOF, pi_a: [`${BASE_MODULUS + 1n}`, '2', '1'] }), 'proof.pi_a.0');
  assert.equal(fieldOf({ ...PROOF, pi_b: [TWIST[0], ['1', 'x'], TWIST[2]] }), 'proof.pi_b.1.1');
  assert.equal(fieldOf({ ...PROOF, pi_b: [TWIST[0], '11', TWIST[2]] }), 'proof.pi_b.1');
  assert.equal(fieldOf({ ...PROOF, protocol: 'plonk' }), 'proof.protocol');
  assert.equal(fieldOf({ ...PROOF, curve: 'bls12381' }), 'proof.curve');
  assert.equal(fieldOf({ ...PROOF, curve: undefined }), 'proof.curve');
  assert.equal(fieldOf({ ...PROOF, pi_d: [] }), 'proof.pi_d');
  assert.equal(fieldOf(PROOF, null), 'publicSignals');
  assert.equal(fieldOf(PROOF, SIGNALS.slice(1)), 'publicSignals');
  assert.equal(fieldOf(PROOF, [...SIGNALS, '0']), 'publicSignals');
  assert.equal(fieldOf(PROOF, SIGNALS.with(3, `${SCALAR_MODULUS + 3n}`)), 'publicSignals.3');
  assert.equal(fieldOf(PROOF, SIGNALS.with(0, ' 0')), 'publicSignals.0');
});

test('infinity, another third coordinate and points off the curve are refused', () => {
  assert.equal(fieldOf({ ...PROOF, pi_a: ['0', '1', '0'] }), 'proof.pi_a.2');
  assert.equal(fieldOf({ ...PROOF, pi_a: ['0', '0', '1'] }), 'proof.pi_a');
  assert.equal(fieldOf({ ...PROOF, pi_c: ['1', '2', '2'] }), 'proof.pi_c.2');
  assert.equal(fieldOf({ ...PROOF, pi_c: ['1', '3', '1'] }), 'proof.pi_c');
  assert.equal(
    fieldOf({
      ...PROOF,
      pi_b: [
        ['0', '0'],
        ['1', '0'],
        ['0', '0'],
      ],
    }),
    'proof.pi_b.2',
  );
  assert.equal(fieldOf({ ...PROOF, pi_b: [TWIST[0], TWIST[1], ['1', '1']] }), 'proof.pi_b.2');
  assert.equal(fieldOf({ ...PROOF, pi_b: [TWIST[1], TWIST[0], TWIST[2]] }), 'proof.pi_b');
});

test('what an object inherits is none of its members', () => {
  const inherited: unknown = Object.create(PROOF);
  assert.equal(fieldOf(inherited), 'proof.pi_a');
  assert.equal(fieldOf(JSON.parse(`{"__proto__": ${JSON.stringify(PROOF)}}`)), 'proof.pi_a');
});

test('the signals have the names and the order of the circuit', () => {
  assert.deepEqual(entitySignals([1n, 2n, 3n, 4n, 5n]), {
    nullifier: 1n,
    entityCommitment: 2n,
    claimedType: 3n,
    attestersRoot: 4n,
    contextId: 5n,
  });
  assert.deepEqual(Object.keys(entitySignals([1n, 2n, 3n, 4n, 5n])), [...SIGNAL_NAMES]);
  for (const count of [SIGNAL_COUNT - 1, SIGNAL_COUNT + 1]) {
    assert.throws(() => entitySignals(new Array<bigint>(count).fill(0n)), RangeError);
  }
});
