import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { curves, groth16 } from 'snarkjs';
import { loadArtefact, loadManifest } from '../artefacts/node.js';
import { attestedMessage, attesterLeaf } from '../attester/index.js';
import { toField } from '../context/index.js';
import { commitmentOf, nullifierOf, randomSecrets } from '../entity/index.js';
import { ENTITY_TYPES, entityTypeByCode, typeMask } from '../entity-types/index.js';
import { entitySignals, type Proof, readProof, SIGNAL_COUNT, writeProof } from '../proof/index.js';
import { type EntityProofInputs, Prover } from '../prover/index.js';
import { pathOf, rootOf, treeOf } from '../registry/index.js';
import { randomKey, sign, signingKey } from '../signature/index.js';
import { judge } from './judge.fixture.js';
import { assertJudgedAlike } from './mutations.fixture.js';
import { rerandomised } from './trapdoor.fixture.js';
import { readVerificationKey, type VerificationKey } from './verification-key.js';
import { Verifier } from './verifier.js';

const SCALE = Number(process.env.TEST_SCALE ?? 0.05);
const type = entityTypeByCode('HY.HS') ?? assert.fail();
const secrets = randomSecrets();
const commitment = commitmentOf(secrets);
const keys = Array.from({ length: 3 }, () => signingKey(randomKey()));
const attester = keys[1] ?? assert.fail();
const mask = typeMask(ENTITY_TYPES.slice(10));
const tree = treeOf(keys.map(({ publicKey }) => attesterLeaf(publicKey, mask)));

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
  for (const context of ['session-1', 'session-2']) {
    const { proof, publicSignals } = await prover.prove(inputs(context));
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

function inputs(context: string): EntityProofInputs {
  const { r8, s } = sign(attester, attestedMessage(commitment, type));
  return {
    ...secrets,
    ...pathOf(tree, 1),
    claimedType: type.numeric,
    attestersRoot: rootOf(tree),
    contextId: toField(context),
    attesterPubKeyX: attester.publicKey.x,
    attesterPubKeyY: attester.publicKey.y,
    typeMask: mask,
    signatureR8X: r8.x,
    signatureR8Y: r8.y,
    signatureS: s,
  };
}

test('a proof of the circuit claims what its inputs say', () => {
  const [first = assert.fail()] = proofs;
  assert.deepEqual(entitySignals(first.signals), {
    nullifier: nullifierOf(secrets.secret, toField('session-1')),
    entityCommitment: commitment,
    claimedType: BigInt(type.numeric),
    attestersRoot: rootOf(tree),
    contextId: toField('session-1'),
  });
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
