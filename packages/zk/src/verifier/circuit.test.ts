import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { curves, groth16 } from 'snarkjs';
import { loadArtefact, loadManifest } from '../artefacts/node.js';
import { inputsOf, randomStatement, signalsOf } from '../circuit/statement.fixture.js';
import { commitmentOf, nullifierOf } from '../entity/index.js';
import { entitySignals, type Proof, readProof, SIGNAL_COUNT, writeProof } from '../proof/index.js';
import { Prover } from '../prover/index.js';
import { judge } from './judge.fixture.js';
import { assertJudgedAlike } from './mutations.fixture.js';
import { rerandomised } from './trapdoor.fixture.js';
import { readVerificationKey, type VerificationKey } from './verification-key.js';
import { Verifier } from './verifier.js';

const SCALE = Number(process.env.TEST_SCALE ?? 0.05);
const statements = [randomStatement(), randomStatement()].map((statement) => ({
  statement,
  inputs: inputsOf(statement),
}));

let json: unknown;
let key: VerificationKey;
let verifier: Verifier;
const proofs: Proof[] = [];

before(async () => {
  const manifest = await loadManifest();
  json = JSON.parse(new TextDecoder().decode(await loadArtefact('verificationKey', manifest)));
  const read = readVerificationKey(json);
  assert.ok(read.ok);
  key = read.value;
  verifier = await Verifier.open(key);
  const prover = new Prover({
    wasm: await loadArtefact('wasm', manifest),
    zkey: await loadArtefact('zkey', manifest),
  });
  for (const { inputs } of statements) {
    const { proof, publicSignals } = await prover.prove(inputs);
    const reading = readProof(proof, publicSignals, SIGNAL_COUNT);
    assert.ok(reading.ok);
    proofs.push(reading.value);
  }
  prover.close();
});
after(async () => {
  verifier?.close();
  await (await curves.getCurveFromName('bn128')).terminate();
});

test('a proof of the circuit claims what its inputs say, by these names', () => {
  for (const [i, { statement, inputs }] of statements.entries()) {
    const { signals } = proofs[i] ?? assert.fail();
    assert.deepEqual(signals, signalsOf(statement, inputs.attestersRoot));
    assert.deepEqual(entitySignals(signals), {
      nullifier: nullifierOf(statement.entity.secret, statement.contextId),
      entityCommitment: commitmentOf(statement.entity),
      claimedType: BigInt(statement.type.numeric),
      attestersRoot: inputs.attestersRoot,
      contextId: statement.contextId,
    });
  }
});

test('it holds, re-randomised and in a batch too, and with any signal changed it does not', async () => {
  const [first = assert.fail(), second = assert.fail()] = proofs;
  const changed = first.signals.map((signal, i) => ({
    ...first,
    signals: first.signals.with(i, signal + 1n),
  }));
  const candidates = [
    first,
    ...changed,
    rerandomised(first, key),
    second,
    { ...first, signals: second.signals },
  ];
  const expected = [true, ...changed.map(() => false), true, true, false];
  assert.deepEqual(
    candidates.map((each) => verifier.verify(each)),
    expected,
  );
  assert.deepEqual(verifier.verifyBatch(candidates), expected);
  for (const [i, candidate] of candidates.entries()) {
    const { proof, publicSignals } = writeProof(candidate);
    assert.equal(judge(key, proof, publicSignals), expected[i]);
    assert.equal(await groth16.verify(json, publicSignals, proof), expected[i]);
  }
});

test('its mutations are judged as the second verifier judges them (1,000 in full)', () => {
  assertJudgedAlike(verifier, key, proofs, Math.ceil(50 * SCALE));
});
