/** The SDK of entity identity against a real server. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  type Attested,
  type DownloadProgress,
  Entity,
  EntityIdentity,
  type EntityProof,
  EntityTypes,
  IdentityError,
  type ProofProgress,
  verifyOffline,
} from '@blindpost/client/identity';
import { RegisterAttesterAnswer } from '@blindpost/protocol/identity';
import { startServer, type TestServer } from '@blindpost/testbed/server';
import { IdentityWire } from '@blindpost/testbed/wire-identity';
import { loadArtefact, loadManifest } from '@blindpost/zk/artefacts/node';
import { ENTITY_TYPES } from '@blindpost/zk/entity-types';
import { ADMIN } from '../database-stage.js';
import { assertOk } from '../relay/answers.js';

const run = promisify(execFile);
const HERE = fileURLToPath(new URL('.', import.meta.url));

let server: TestServer;
let wire: IdentityWire;
let ei: EntityIdentity;
let entity: Entity;
let attestation: Attested;
let proof: EntityProof;
const phases: string[] = [];
const downloads: DownloadProgress[] = [];

before(async () => {
  server = await startServer({ services: ['identity'], env: { ADMIN_API_KEY: ADMIN } });
  wire = new IdentityWire(server.url, ADMIN);
  ei = new EntityIdentity({ apiUrl: server.url });
  entity = ei.createEntity();
  const { commitment } = entity;
  attestation = await ei.requestAttestation({ commitment, type: 'AI.CA', attester: 'development' });
  const onProgress = (progress: ProofProgress) => {
    if (phases.at(-1) !== progress.phase) phases.push(progress.phase);
    if (progress.phase === 'download') downloads.push(progress);
  };
  proof = await entity.prove({ attestation, contextId: 'session 1', onProgress });
});
after(() => server.stop());

async function register(id: string, more: object = {}): Promise<string> {
  const body = { id, name: id, allowedTypes: ENTITY_TYPES.map(({ code }) => code), ...more };
  return assertOk(await wire.register(body), RegisterAttesterAnswer).apiKey;
}

const failure = (code: string, field?: string) => (error: unknown) =>
  error instanceof IdentityError &&
  error.code === code &&
  (field === undefined || error.details.field === field);

test('the snippet of the document runs as it is written', async () => {
  await register('anthropic', { development: true });
  const snippet = `
import { EntityIdentity } from '@blindpost/client/identity';

// Initialize SDK
const ei = new EntityIdentity({
  apiUrl: '${server.url}',
});

// Entity creates identity commitment
const entity = ei.createEntity();
console.log('Commitment:', entity.commitment);

// Request attestation from approved attester
const attestation = await ei.requestAttestation({
  commitment: entity.commitment,
  type: 'AI.CA',
  attester: 'anthropic'
});

// Generate proof locally (private inputs never leave client)
const proof = await entity.prove({
  attestation,
  contextId: Date.now().toString()
});

// Verify proof
const result = await ei.verify(proof);
console.log('Valid:', result.valid);
console.log('Type:', result.entityType);
`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', snippet], { cwd: HERE });
  const [commitment = '', ...verdict] = stdout.trim().split('\n');
  assert.match(commitment, /^Commitment: [1-9][0-9]{60,76}$/);
  assert.deepEqual(verdict, ['Valid: true', 'Type: AI.CA']);
});

test('a proof says what was attested, in the context that was meant, and how far it has come', async () => {
  assert.deepEqual(
    { type: proof.entityType, development: proof.development, commitment: proof.publicSignals[1] },
    { type: 'AI.CA', development: true, commitment: entity.commitment },
  );
  const verdict = await ei.verify(proof, { expect: { contextId: 'session 1', entityType: 'AI.CA' } });
  assert.ok(verdict.valid, JSON.stringify(verdict));
  assert.equal(verdict.entityCommitment, entity.commitment);
  assert.equal(verdict.contextId, proof.contextId);
  assert.deepEqual(phases, ['download', 'load', 'witness', 'polynomials', 'points']);
  const { loaded, total } = downloads.at(-1) ?? assert.fail();
  assert.ok(total > 1_000_000 && loaded === total, `${loaded} of ${total} bytes`);
  assert.ok(downloads.every((each, n) => each.loaded >= (downloads[n - 1]?.loaded ?? 0)));
});

test('assets are fetched from where they are said to lie, and nowhere else', async () => {
  const key = await ei.verificationKey();
  const elsewhere = new EntityIdentity({ apiUrl: 'http://127.0.0.1:9', assetsUrl: `${server.url}/assets` });
  assert.deepEqual(await elsewhere.verificationKey(), key);
  const apiUrl = server.url;
  assert.throws(() => new EntityIdentity({ apiUrl, assetsUrl: 'file:///assets/' }), TypeError);
});

test('a proof that does not hold is an answer, and a request that cannot be answered is an error', async () => {
  const forged = { ...proof, publicSignals: proof.publicSignals.with(0, '5') };
  const verdict = await ei.verify(forged);
  assert.equal(verdict.valid, false);
  assert.equal(!verdict.valid && verdict.error, 'proof_invalid');
  const disappointed = await ei.verify(proof, { expect: { category: 'HU' } });
  assert.equal(!disappointed.valid && disappointed.error, 'expectation_failed');
  const nowhere = new EntityIdentity({ apiUrl: 'http://127.0.0.1:1' });
  await assert.rejects(nowhere.verify(proof), failure('unreachable'));
});

test('a proof is used up once for a domain, by verifying or by recording', async () => {
  const consumed = await ei.verify(proof, { domain: 'a.example', consume: true });
  assert.deepEqual(consumed.valid && [consumed.nullifierStatus, consumed.recorded], ['new', true]);
  const again = await ei.verify(proof, { domain: 'a.example', consume: true });
  assert.equal(!again.valid && again.error, 'nullifier_used');
  await ei.record(proof, { domain: 'b.example' });
  await assert.rejects(ei.record(proof, { domain: 'B.example' }), failure('nullifier_used'));
  const seen = await ei.verify(proof, { domain: 'b.example' });
  assert.equal(seen.valid && seen.nullifierStatus, 'used');
});

test('many proofs are verified in one request', async () => {
  const forged = { ...proof, publicSignals: proof.publicSignals.with(2, '258') };
  const verdicts = await ei.verifyBatch([proof, forged, proof]);
  assert.deepEqual(
    verdicts.map(({ valid }) => valid),
    [true, false, true],
  );
  await assert.rejects(ei.verifyBatch(Array(101).fill(proof)), RangeError);
});

test('a stored secret is the same entity, and nothing shows it unasked', () => {
  const secret = entity.exportSecret();
  const same = new Entity(crypto, secret);
  assert.equal(same.commitment, entity.commitment);
  assert.equal(same.getCommitment(), BigInt(entity.commitment));
  assert.equal(new Entity(crypto, Buffer.from(secret, 'hex')).commitment, entity.commitment);
  assert.equal(ei.createEntity(secret).commitment, entity.commitment);
  assert.notEqual(ei.createEntity().commitment, ei.createEntity().commitment);
  assert.deepEqual(JSON.parse(JSON.stringify(same)), { commitment: entity.commitment });
  for (const bad of ['', '00', 'x'.repeat(64), '0'.repeat(31), new Uint8Array(15)])
    assert.throws(() => new Entity(crypto, bad), RangeError);
});

test('the inputs go into snarkjs as they are', async () => {
  assert.equal(EntityTypes['AI.CA'], 0x0101);
  assert.deepEqual(Object.keys(EntityTypes).length, 16);
  const manifest = await loadManifest();
  const own = new Entity(crypto, entity.exportSecret());
  const inputs = own.generateProofInputs(
    EntityTypes['AI.CA'],
    attestation.attestation,
    attestation.merkleProof,
    attestation.registryRoot,
    'session 1',
  );
  // As the document's advanced example calls it, in a process of its own: snarkjs leaves threads behind.
  const program = `
import * as snarkjs from 'snarkjs';
import { readFileSync } from 'node:fs';
const { inputs, wasm, zkey } = JSON.parse(readFileSync(0, 'utf8'));
const { proof, publicSignals } = await snarkjs.groth16.fullProve(inputs, wasm, zkey);
console.log(JSON.stringify({ proof, publicSignals }));
process.exit(0);
`;
  const path = (name: string) => fileURLToPath(new URL(name, import.meta.resolve('@blindpost/zk/artefacts')));
  const files = {
    wasm: path(`../../artefacts/${manifest.files.wasm.name}`),
    zkey: path(`../../artefacts/${manifest.files.zkey.name}`),
  };
  const child = run(process.execPath, ['--input-type=module', '-e', program], { cwd: HERE });
  child.child.stdin?.end(JSON.stringify({ inputs, ...files }));
  const made = JSON.parse((await child).stdout);
  assert.deepEqual(made.publicSignals, proof.publicSignals);
  const verdict = await ei.verify(made);
  assert.equal(verdict.valid && verdict.entityType, 'AI.CA');
});

test('a verification key verifies without a server, on the roots that are trusted', async () => {
  const key = await ei.verificationKey();
  const verdict = await verifyOffline(proof, key, {
    roots: [attestation.registryRoot],
    contextId: 'session 1',
  });
  assert.deepEqual(verdict, {
    valid: true,
    entityType: 'AI.CA',
    entityTypeName: 'Conversational Agent',
    phoneticName: 'Kah',
    typeCode: 257,
    entityCommitment: entity.commitment,
    nullifier: proof.publicSignals[0],
    contextId: proof.contextId,
    attestersRoot: attestation.registryRoot,
  });
  const code = async (claim: { proof: unknown; publicSignals: unknown }, options = {}) => {
    const answer = await verifyOffline(claim, key, options);
    return answer.valid ? 'valid' : answer.error;
  };
  assert.equal(await code(proof, { roots: ['1'] }), 'root_mismatch');
  assert.equal(await code(proof, { contextId: 'session 2' }), 'expectation_failed');
  const { publicSignals } = proof;
  assert.equal(await code({ ...proof, publicSignals: publicSignals.with(2, '258') }), 'proof_invalid');
  assert.equal(await code({ ...proof, publicSignals: publicSignals.with(2, '1') }), 'proof_invalid');
  assert.equal(await code({ ...proof, publicSignals: publicSignals.with(0, '01') }), 'invalid_request');
  assert.equal(await code({ proof: null, publicSignals }), 'invalid_request');
  await assert.rejects(verifyOffline(proof, {}), TypeError);
  await assert.rejects(verifyOffline(proof, { ...Object(key), vk_alpha_1: ['1', '1', '1'] }), TypeError);
});

test('what cannot be proven is said before anything is computed', async () => {
  const prove = (changed: Attested) => entity.prove({ attestation: changed, contextId: 'x' });
  const change = (members: object) => ({
    ...attestation,
    attestation: { ...attestation.attestation, ...members },
  });
  const stranger = ei.createEntity();
  const halved = entity.prove({ attestation, contextId: 'x\ud800' });
  await assert.rejects(halved, { name: 'RangeError', message: /^contextId / });
  const refused = stranger.prove({ attestation, contextId: 'x' });
  await assert.rejects(refused, failure('bad_attestation', 'entityCommitment'));
  await assert.rejects(prove(change({ signatureS: '1' })), failure('bad_attestation', 'signatureS'));
  const typed = { entityType: 'HU.US', typeCode: EntityTypes['HU.US'] };
  await assert.rejects(prove(change(typed)), failure('bad_attestation', 'signatureS'));
  await assert.rejects(
    prove(change({ attesterTypeMask: 2 })),
    failure('bad_attestation', 'attesterTypeMask'),
  );
  await assert.rejects(prove(change({ attesterTypeMask: 1 })), failure('bad_attestation', 'merkleProof'));
  await assert.rejects(
    prove({ ...attestation, registryRoot: '1' }),
    failure('bad_attestation', 'merkleProof'),
  );
  await assert.rejects(prove(JSON.parse('{"attestation":{}}')), failure('bad_attestation'));
  const unbound = new Entity(crypto, entity.exportSecret());
  await assert.rejects(unbound.prove({ attestation, contextId: 'x' }), TypeError);
});

test('a proof under way is cancelled at once', async () => {
  const reason = new Error('changed my mind');
  const cancel = new AbortController();
  const proving = entity.prove({
    attestation,
    contextId: 'never',
    signal: cancel.signal,
    onProgress: ({ phase }) => phase === 'witness' && cancel.abort(reason),
  });
  await assert.rejects(proving, reason);
  await assert.rejects(entity.prove({ attestation, contextId: 'never', signal: cancel.signal }), reason);
});

test('an attester attests with its key, and nobody without one', async () => {
  const apiKey = await register('lab');
  const lab = new EntityIdentity({ apiUrl: server.url, apiKey });
  const { commitment } = entity;
  const attested = await lab.requestAttestation({ commitment: entity.getCommitment(), type: 'HU.US' });
  assert.equal(attested.attestation.entityType, 'HU.US');
  assert.equal(attested.development, undefined);
  const unauthorized = failure('unauthorized');
  await assert.rejects(ei.requestAttestation({ commitment, type: 'HU.US', attester: 'lab' }), unauthorized);
  await assert.rejects(lab.requestAttestation({ commitment, type: 'XX.XX' }), failure('invalid_type'));
  await assert.rejects(
    lab.requestAttestation({ commitment: 'x', type: 'HU.US' }),
    failure('invalid_commitment'),
  );
  assert.throws(() => new EntityIdentity({ apiUrl: server.url, apiKey: 'short' }), TypeError);
  assert.throws(() => new EntityIdentity({ apiUrl: 'ftp://nowhere' }), TypeError);
});

test('assets that are not those of the manifest are not used', async () => {
  const manifest = await loadManifest();
  const { wasm } = manifest.files;
  const wrong = { ...manifest, files: { ...manifest.files, wasm: { ...wasm, sha256: '0'.repeat(64) } } };
  const prove = (pinned: typeof manifest) => {
    const client = new EntityIdentity({ apiUrl: server.url, manifest: pinned });
    return client.createEntity(entity.exportSecret()).prove({ attestation, contextId: 'x' });
  };
  await assert.rejects(prove(wrong), failure('bad_assets', wasm.name));
  const short = { ...manifest, files: { ...manifest.files, wasm: { ...wasm, bytes: 100 } } };
  await assert.rejects(prove(short), failure('bad_assets', wasm.name));
});

test('a witness program that says the secret in a signal is found out before anything is sent', async () => {
  const manifest = await loadManifest();
  const artefacts = {
    wasm: await loadArtefact('wasm', manifest),
    zkey: await loadArtefact('zkey', manifest),
  };
  // The list of which signals make the witness: constant, the two outputs, the three public inputs, the secret.
  const list = new Uint8Array(Uint32Array.of(0, 1, 2, 3, 4, 5, 6).buffer);
  const wasm = Buffer.from(artefacts.wasm.buffer, artefacts.wasm.byteOffset, artefacts.wasm.byteLength);
  const at = wasm.indexOf(list);
  assert.ok(at >= 0 && wasm.indexOf(list, at + 1) < 0);
  wasm.writeUInt32LE(6, at + 4);
  const proving = entity.prove({ attestation, contextId: 'x', artefacts });
  await assert.rejects(proving, failure('bad_proof'));
});

test('files that are no program of a witness are refused by the prover', async () => {
  const manifest = await loadManifest();
  const zkey = await loadArtefact('zkey', manifest);
  const wasm = (await loadArtefact('wasm', manifest)).fill(0, 8, 64);
  const proving = entity.prove({ attestation, contextId: 'x', artefacts: { wasm, zkey } });
  await assert.rejects(proving, { name: 'ProverError', code: 'invalid_artefacts' });
});

test('when the registry has moved on, the path is fetched and the proof made again', async () => {
  const before = await ei.registry();
  await register('short-lived');
  const stale = await ei.renew(attestation);
  assert.equal(stale.registryRoot, (await ei.registry()).root);
  assert.notEqual(stale.registryRoot, before.root);
  const outdated = await entity.prove({ attestation: stale, contextId: '1706454600' });
  assert.equal((await wire.revoke('short-lived')).status, 200);
  const refused = await ei.verifyWithRetry(outdated);
  assert.equal(!refused.valid && refused.error, 'root_mismatch');
  const options = { entity, attestation: stale, domain: 'c.example', consume: true };
  const verdict = await ei.verifyWithRetry(outdated, options);
  assert.ok(verdict.valid, JSON.stringify(verdict));
  assert.deepEqual([verdict.contextId, verdict.recorded], ['1706454600', true]);
  // The entity and its context are the same, and so is what it used up.
  assert.equal(verdict.nullifier, outdated.publicSignals[0]);
});

test('the path of an attester that was revoked is not to be had', async () => {
  const apiKey = await register('doomed');
  const doomed = new EntityIdentity({ apiUrl: server.url, apiKey });
  const attested = await doomed.requestAttestation({ commitment: entity.commitment, type: 'AI.LM' });
  await wire.revoke('doomed');
  await assert.rejects(ei.renew(attested), failure('attester_gone'));
});

test('too many requests are waited for', async () => {
  const strict = await startServer({ services: ['identity'], env: { IDENTITY_LIMIT_VERIFY: '30' } });
  try {
    const busy = new EntityIdentity({ apiUrl: strict.url });
    const verdicts = await Promise.allSettled(Array.from({ length: 40 }, () => busy.verify(proof)));
    assert.ok(
      verdicts.some((each) => each.status === 'rejected' && failure('rate_limit_exceeded')(each.reason)),
    );
    // Its registry has another root: an answer, which is all that counts here.
    const verdict = await busy.verifyWithRetry(proof);
    assert.equal(!verdict.valid && verdict.error, 'root_mismatch');
    const busyAgain = Array.from({ length: 40 }, () => busy.verify(proof));
    await Promise.allSettled(busyAgain);
    await assert.rejects(busy.verifyWithRetry(proof, { maxRetries: 1 }), failure('rate_limit_exceeded'));
  } finally {
    await strict.stop();
  }
});
