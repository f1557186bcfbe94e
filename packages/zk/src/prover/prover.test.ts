import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadArtefact, loadManifest } from '../artefacts/node.js';
import { inputsOf, randomStatement, signalsOf } from '../circuit/statement.fixture.js';
import { ENTITY_TYPES, typeMask } from '../entity-types/index.js';
import { SCALAR_MODULUS } from '../field/index.js';
import { PHASES, type Phase, Prover, ProverError, type ProverErrorCode, prove } from './index.js';
import { verifies } from './verifies.fixture.js';

/** A proof takes a second, so that few are made unless the full numbers are wanted. */
const RUNS = Number(process.env.TEST_SCALE ?? 0.05) < 1 ? 2 : 200;

const manifest = await loadManifest();
const [wasm, zkey, key] = await Promise.all([
  loadArtefact('wasm', manifest),
  loadArtefact('zkey', manifest),
  loadArtefact('verificationKey', manifest),
]);
const verificationKey: unknown = JSON.parse(new TextDecoder().decode(key));

const warm = new Prover({ wasm, zkey });
after(() => warm.close());

const refusal = (code: ProverErrorCode, field?: string) => (error: unknown) =>
  error instanceof ProverError && error.code === code && error.field === field;

test('200 proofs of random statements verify, by one prover', async () => {
  for (let run = 0; run < RUNS; run++) {
    const statement = randomStatement();
    const inputs = inputsOf(statement);
    const { proof, publicSignals } = await warm.prove(inputs);
    assert.deepEqual(publicSignals.map(BigInt), signalsOf(statement, inputs.attestersRoot));
    assert.equal(await verifies(verificationKey, publicSignals, proof), true);
    const other = publicSignals.with(4, '7');
    assert.equal(await verifies(verificationKey, other, proof), false);
  }
});

test('a proof alone, and one on a single thread, are as good; two proofs of one statement differ', async () => {
  const inputs = inputsOf(randomStatement());
  const alone = await prove(inputs, { wasm, zkey });
  const single = await prove(inputs, { wasm, zkey, threads: 'one' });
  assert.deepEqual(alone.publicSignals, single.publicSignals);
  assert.notDeepEqual(alone.proof, single.proof);
  for (const { proof, publicSignals } of [alone, single])
    assert.equal(await verifies(verificationKey, publicSignals, proof), true);
});

test('progress goes through the phases in their order and never back', async () => {
  const told: { phase: Phase; done: number }[] = [];
  await prove(inputsOf(randomStatement()), { wasm, zkey, onProgress: (progress) => told.push(progress) });
  const phases = told.map(({ phase }) => phase);
  assert.deepEqual([...new Set(phases)], [...PHASES]);
  for (const [index, { phase, done }] of told.entries()) {
    const before = told[index - 1];
    assert.ok(done >= 0 && done < 1);
    if (before === undefined) continue;
    assert.ok(done >= before.done && PHASES.indexOf(phase) >= PHASES.indexOf(before.phase));
  }
});

test('what is not so is refused, by the block of the circuit that refuses it', async () => {
  const [type] = ENTITY_TYPES;
  const statement = randomStatement({ ...(type && { type }), mask: typeMask(ENTITY_TYPES) });
  const inputs = inputsOf(statement);
  const cases: [Partial<typeof inputs>, block: string][] = [
    [{ claimedType: 258n }, 'AttestationSignature'],
    [inputsOf({ ...statement, mask: 0 }), 'TypePermission'],
    [{ attestersRoot: 1n }, 'EntityTypeProof'],
    [{ pathIndices: inputs.pathIndices.with(0, 2n) }, 'RegistryPath'],
  ];
  for (const [change, block] of cases)
    await assert.rejects(warm.prove({ ...inputs, ...change }), refusal('unsatisfied', block));
  assert.equal((await warm.prove(inputs)).publicSignals.length, 5, 'and the prover goes on');
});

test('inputs that are missing, unknown or no field elements are refused by name, and not reduced', async () => {
  const inputs = inputsOf(randomStatement());
  const { salt: _, ...missing } = inputs;
  await assert.rejects(warm.prove(missing), refusal('invalid_inputs'));
  const cases: [object, field: string][] = [
    [{ unknown: 1n }, 'unknown'],
    [{ pathElements: inputs.pathElements.slice(1) }, 'pathElements'],
    [{ pathElements: [...inputs.pathElements, 0n] }, 'pathElements'],
    [{ contextId: inputs.contextId + SCALAR_MODULUS }, 'contextId'],
    [{ secret: -1n }, 'secret'],
    [{ secret: '0x10' }, 'secret'],
    [{ secret: '01' }, 'secret'],
    [{ secret: 0.5 }, 'secret'],
    [{ secret: null }, 'secret'],
    [{ secret: {} }, 'secret'],
    [{ pathIndices: new Array(1025).fill(0) }, 'pathIndices'],
    [{ pathIndices: inputs.pathIndices.with(4, -1n) }, 'pathIndices[4]'],
  ];
  for (const [change, field] of cases)
    await assert.rejects(warm.prove({ ...inputs, ...change }), refusal('invalid_inputs', field), field);
});

test('artefacts that cannot be used are refused', async () => {
  const inputs = inputsOf(randomStatement());
  const rubbish = new Uint8Array(1000);
  for (const artefacts of [
    { wasm: rubbish, zkey },
    { wasm, zkey: rubbish },
    { wasm, zkey: zkey.slice(0, 5000) },
  ])
    await assert.rejects(prove(inputs, artefacts), refusal('invalid_artefacts'));
});

test('an aborted proof ends at once with the reason, and the prover takes the next', async () => {
  const inputs = inputsOf(randomStatement());
  for (const phase of PHASES) {
    const controller = new AbortController();
    const reason = new Error(`at ${phase}`);
    const told: Phase[] = [];
    const aborted = warm.prove(inputs, {
      signal: controller.signal,
      onProgress(progress) {
        told.push(progress.phase);
        if (progress.phase === phase) controller.abort(reason);
      },
    });
    await assert.rejects(aborted, reason);
    assert.equal(told.at(-1), phase, 'nothing is told afterwards');
  }
  await assert.rejects(warm.prove(inputs, { signal: AbortSignal.abort(new Error('before')) }), /before/);
  assert.equal((await warm.prove(inputs)).publicSignals.length, 5);
});

test('one proof at a time, and none after close', async () => {
  const inputs = inputsOf(randomStatement());
  const prover = new Prover({ wasm, zkey });
  const first = prover.prove(inputs);
  await assert.rejects(prover.prove(inputs), refusal('busy'));
  prover.close();
  await assert.rejects(first, refusal('closed'));
  await assert.rejects(prover.prove(inputs), refusal('closed'));
});

test('a worker that dies fails its proof, and the next one starts another', async () => {
  let opened = 0;
  const prover = new Prover({ wasm, zkey }, (listener) => {
    opened += 1;
    queueMicrotask(() => listener.died(new Error('out of memory')));
    return { order() {}, terminate() {} };
  });
  for (const _ of [1, 2]) await assert.rejects(prover.prove(inputsOf(randomStatement())), refusal('crashed'));
  assert.equal(opened, 2);
});

test('a process that proves, cancels and closes writes nothing and ends by itself', async () => {
  const program = fileURLToPath(new URL('./ends.fixture.js', import.meta.url));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program]);
  assert.equal(stdout, 'proved, unsatisfied, aborted\n');
  assert.equal(stderr, '');
});
