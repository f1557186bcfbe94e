import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { getMemory } from 'mcl-wasm';
import { curves, groth16 } from 'snarkjs';
import { BASE_MODULUS as BASE, randomScalar, SCALAR_MODULUS } from '../field/index.js';
import { type Proof, readProof, writeProof } from '../proof/index.js';
import { judge } from './judge.fixture.js';
import {
  keyJson,
  negatedG1,
  negatedG2,
  randomG1,
  rerandomised,
  smallTwistPoint,
  sumG1,
  sumG2,
  Trapdoor,
  twistPoint,
} from './trapdoor.fixture.js';
import { Verifier } from './verifier.js';

const SCALE = Number(process.env.TEST_SCALE ?? 0.05);
const trapdoor = new Trapdoor([11n, 12n, 13n, 14n, 15n, 16n]);
const { key } = trapdoor;
const proof = trapdoor.prove(Array.from({ length: 5 }, randomScalar));
let verifier: Verifier;

before(async () => {
  verifier = await Verifier.open(key);
});
after(() => verifier.close());

function judged(candidate: Proof): boolean {
  const { proof: points, publicSignals } = writeProof(candidate);
  return judge(key, points, publicSignals);
}

test('a proof holds for its signals, at the edges of the field too', () => {
  for (const signals of [
    [0n, 0n, 0n, 0n, 0n],
    new Array<bigint>(5).fill(SCALAR_MODULUS - 1n),
    proof.signals,
  ]) {
    const valid = trapdoor.prove(signals);
    assert.equal(verifier.verify(valid), true);
    assert.equal(judged(valid), true);
    for (const i of signals.keys()) {
      const other = signals.with(i, ((signals[i] ?? 0n) + 1n) % SCALAR_MODULUS);
      assert.equal(verifier.verify({ ...valid, signals: other }), false);
    }
  }
});

test('re-randomised proofs hold, -A with -B among them', () => {
  const both = { ...proof, a: negatedG1(proof.a), b: negatedG2(proof.b) };
  const again = rerandomised(proof, key);
  assert.notDeepEqual(again.a, proof.a);
  for (const other of [both, again, rerandomised(again, key)]) {
    assert.equal(verifier.verify(other), true);
    assert.equal(judged(other), true);
  }
});

test('snarkjs reads what we write, and says the same of it', async () => {
  const candidates = [
    proof,
    rerandomised(proof, key),
    { ...proof, a: proof.c },
    { ...proof, signals: [1n, 2n, 3n, 4n, 5n] },
  ];
  for (const candidate of candidates) {
    const { proof: points, publicSignals } = writeProof(candidate);
    assert.equal(await groth16.verify(keyJson(key), publicSignals, points), verifier.verify(candidate));
  }
  await (await curves.getCurveFromName('bn128')).terminate();
});

test('what changes a point does not hold', () => {
  const changes: Proof[] = [
    { ...proof, a: negatedG1(proof.a) },
    { ...proof, b: negatedG2(proof.b) },
    { ...proof, c: negatedG1(proof.c) },
    { ...proof, a: proof.c, c: proof.a },
    { ...proof, a: randomG1() },
    { ...proof, c: sumG1(proof.c, { x: 1n, y: 2n }) },
    { ...proof, b: key.delta },
    // The terms of the key itself, which balance without the signals' part.
    { ...proof, a: key.alpha, b: key.beta },
  ];
  for (const changed of changes) {
    assert.equal(verifier.verify(changed), false);
    assert.equal(judged(changed), false);
  }
});

test('a point B outside its group is refused, however small its stray part', () => {
  for (const b of [
    twistPoint(),
    smallTwistPoint(),
    sumG2(proof.b, smallTwistPoint()),
    sumG2(proof.b, twistPoint()),
  ]) {
    assert.equal(verifier.verify({ ...proof, b }), false);
    assert.equal(judged({ ...proof, b }), false);
  }
});

test('what was never read, out of range or off the curve, does not hold and throws nothing', () => {
  const { a, b, signals } = proof;
  const changes: Proof[] = [
    { ...proof, a: { x: a.x + BASE, y: a.y } },
    { ...proof, a: { x: a.x, y: a.y - BASE } },
    { ...proof, a: { x: a.x, y: a.y + 1n } },
    { ...proof, c: { x: 0n, y: 0n } },
    { ...proof, b: { x: b.x, y: b.x } },
    { ...proof, b: { x: [b.x[0] + BASE, b.x[1]], y: b.y } },
    { ...proof, b: { x: [0n, 0n], y: [0n, 0n] } },
    { ...proof, signals: signals.map((signal) => signal + SCALAR_MODULUS) },
    { ...proof, signals: signals.map((signal) => signal - SCALAR_MODULUS) },
    { ...proof, signals: [...signals, 0n] },
    { ...proof, signals: [] },
  ];
  for (const changed of changes) {
    assert.equal(verifier.verify(changed), false);
    assert.deepEqual(verifier.verifyBatch([changed, proof]), [false, true]);
  }
});

test('a sum of signals that is infinity is a sum like any other', async () => {
  const flat = new Trapdoor([1n, SCALAR_MODULUS - 1n]);
  const other = await Verifier.open(flat.key);
  const valid = flat.prove([1n]);
  const { proof: points, publicSignals } = writeProof(valid);
  assert.equal(judge(flat.key, points, publicSignals), true);
  assert.equal(other.verify(valid), true);
  assert.equal(other.verify({ ...valid, signals: [2n] }), false);
  assert.deepEqual(other.verifyBatch([valid, { ...valid, signals: [2n] }]), [true, false]);
  other.close();
});

test('a proof of another setup does not hold, nor a key outside its groups open', async () => {
  const other = new Trapdoor([11n, 12n, 13n, 14n, 15n, 16n]);
  assert.equal(verifier.verify(other.prove(proof.signals)), false);
  for (const name of ['beta', 'gamma', 'delta'] as const) {
    await assert.rejects(Verifier.open({ ...key, [name]: twistPoint() }), {
      name: 'RangeError',
      message: /^\w+ is/,
    });
  }
  await assert.rejects(Verifier.open({ ...key, alpha: { x: 1n, y: 3n } }), RangeError);
});

test('a verifier that is closed verifies nothing more, and can be closed again', async () => {
  const other = await Verifier.open(key);
  other.close();
  other.close();
  assert.throws(() => other.verify(proof), /closed/);
  assert.throws(() => other.verifyBatch([proof]), /closed/);
  assert.equal(verifier.verify(proof), true);
});

test('it works in a worker thread, and proofs get there by structured clone', async () => {
  const source = `
    const { parentPort, workerData } = await import('node:worker_threads');
    const { Verifier } = await import(workerData.module);
    const verifier = await Verifier.open(workerData.key);
    const { proof } = workerData;
    const bad = { ...proof, signals: proof.signals.toReversed() };
    parentPort.postMessage([verifier.verify(proof), ...verifier.verifyBatch([bad, proof])]);`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
    workerData: { module: new URL('./index.js', import.meta.url).href, key, proof },
  });
  assert.deepEqual(await once(worker, 'message'), [[true, false, true]]);
});

test('verifying takes no memory that it does not give back (10,000 in full), nor do keys that are closed', async () => {
  const bad = { ...proof, b: twistPoint() };
  const wrong = { ...proof, signals: proof.signals.toReversed() };
  const round = () => {
    for (const each of [proof, bad, wrong]) verifier.verify(each);
    verifier.verifyBatch([proof, bad, wrong, proof]);
  };
  round();
  // A key takes 75 KB: were they kept, the memory would grow from the fifteenth on.
  const open = async () => (await Verifier.open(key)).close();
  await open();
  const before = getMemory().buffer.byteLength;
  for (let i = 0; i < (10_000 / 7) * SCALE; i++) round();
  for (let i = 0; i < 1_000 * SCALE; i++) await open();
  assert.equal(getMemory().buffer.byteLength, before);
});

test('what is read in hex verifies as what is read in decimals', () => {
  const { proof: points, publicSignals } = writeProof(proof);
  const hex = (text: string) => `0x${BigInt(text).toString(16)}`;
  const read = readProof(
    { ...points, pi_a: points.pi_a.map(hex), pi_b: points.pi_b.map((part) => part.map(hex)) },
    publicSignals.map(hex),
    5,
  );
  assert.deepEqual(read, { ok: true, value: proof });
  assert.ok(read.ok && verifier.verify(read.value));
});
