import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { millerLoop } from 'mcl-wasm';
import { randomScalar, SCALAR_MODULUS } from '../field/index.js';
import type { Proof } from '../proof/index.js';
import { toFr } from './curve.js';
import { operandsOf } from './operands.js';
import { PreparedKey } from './prepared-key.js';
import { negatedG1, randomG1, rerandomised, sumG1, Trapdoor, twistPoint } from './trapdoor.fixture.js';
import { MAX_BATCH, Verifier } from './verifier.js';
import { balanceOf, type Weighted } from './weighted.js';

const SCALE = Number(process.env.TEST_SCALE ?? 0.05);
const trapdoor = new Trapdoor([1n, 2n, 3n, 4n, 5n, 6n]);
const { key } = trapdoor;
const drawSignals = () => Array.from({ length: 5 }, randomScalar);
const good = Array.from({ length: MAX_BATCH }, () => trapdoor.prove(drawSignals()));
/** Ways of being bad: in the equation, outside the group, out of range. */
const SPOILED: ((proof: Proof) => Proof)[] = [
  (proof) => ({ ...proof, a: negatedG1(proof.a) }),
  (proof) => ({ ...proof, c: randomG1() }),
  (proof) => ({ ...proof, signals: proof.signals.with(2, 258n) }),
  (proof) => ({ ...proof, b: twistPoint() }),
  (proof) => ({ ...proof, a: { x: 1n, y: 3n } }),
  (proof) => ({ ...proof, signals: proof.signals.slice(1) }),
];
let verifier: Verifier;

before(async () => {
  verifier = await Verifier.open(key);
});

test('a batch of good proofs holds, of any size up to a hundred', () => {
  assert.deepEqual(verifier.verifyBatch([]), []);
  for (const size of [1, 2, 3, 50, MAX_BATCH]) {
    assert.deepEqual(verifier.verifyBatch(good.slice(0, size)), new Array<boolean>(size).fill(true));
  }
  assert.throws(() => verifier.verifyBatch([...good, ...good.slice(0, 1)]), RangeError);
});

test('any subset of bad proofs is found exactly (200 batches in full)', () => {
  const batch = fc.array(fc.option(fc.nat(SPOILED.length - 1), { freq: 3 }), { minLength: 1, maxLength: 24 });
  fc.assert(
    fc.property(batch, (kinds) => {
      const proofs = kinds.map((kind, i) => {
        const proof = good[i] ?? trapdoor.prove(drawSignals());
        return (kind === null ? undefined : SPOILED[kind])?.(proof) ?? proof;
      });
      assert.deepEqual(
        verifier.verifyBatch(proofs),
        kinds.map((kind) => kind === null),
      );
    }),
    { numRuns: Math.ceil(200 * SCALE), endOnFailure: true },
  );
});

test('a hundred bad proofs are all found, and one good among them', () => {
  const spoil = SPOILED[1] ?? assert.fail();
  const bad = good.map(spoil);
  assert.ok(verifier.verifyBatch(bad).every((verdict) => !verdict));
  const [proof = assert.fail()] = good;
  assert.deepEqual(
    verifier.verifyBatch(bad.with(41, proof)).flatMap((verdict, i) => (verdict ? [i] : [])),
    [41],
  );
});

test('the same proof twice, and re-randomised, holds each time', () => {
  const [proof = assert.fail()] = good;
  const batch = [proof, proof, rerandomised(proof, key), rerandomised(proof, key)];
  assert.deepEqual(verifier.verifyBatch(batch), [true, true, true, true]);
});

test('errors made to cancel in a plain sum do not cancel in ours', () => {
  const [one = assert.fail(), two = assert.fail(), three = assert.fail()] = good;
  const error = randomG1();
  const pairs = [
    [
      { ...one, c: sumG1(one.c, error) },
      { ...two, c: sumG1(two.c, negatedG1(error)) },
    ],
    // What one signal gains, that of another proof loses.
    [
      { ...one, signals: one.signals.with(2, 257n) },
      { ...two, signals: two.signals.with(2, (one.signals[2] ?? 0n) + (two.signals[2] ?? 0n) - 257n) },
    ].map((proof) => ({ ...proof, signals: proof.signals.map(reduced) })),
  ];
  const prepared = new PreparedKey(key);
  for (const pair of pairs) {
    const plain = pair.map((proof) => unweighted(proof));
    assert.equal(balanceOf(prepared, plain).isOne(), true, 'the control: with weights of one they cancel');
    assert.deepEqual(verifier.verifyBatch([three, ...pair]), [true, false, false]);
  }
  prepared.destroy();
});

function reduced(value: bigint): bigint {
  return ((value % SCALAR_MODULUS) + SCALAR_MODULUS) % SCALAR_MODULUS;
}

function unweighted(proof: Proof): Weighted {
  const { a, b, c, signals } = operandsOf(proof, 5) ?? assert.fail();
  return { ab: millerLoop(a, b), c, weight: toFr(1n), signals: [1n, ...signals] };
}
