import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { ARTEFACTS_FOLDER } from '../artefacts/folder.js';
import { loadArtefact, loadManifest } from '../artefacts/node.js';
import { ENTITY_TYPES } from '../entity-types/index.js';
import { randomScalar, SCALAR_MODULUS } from '../field/index.js';
import { DEPTH } from '../registry/index.js';
import { CIRCUITS_FOLDER, compile, witnessOf } from './compiled.fixture.js';
import { holds, readR1cs, wiresOf } from './r1cs.fixture.js';
import { inputsOf, randomStatement, signalsOf } from './statement.fixture.js';

const SCALE = Number(process.env.TEST_SCALE ?? 0.05);

const manifest = await loadManifest();
const compiled = await compile(`${CIRCUITS_FOLDER}${manifest.circuit}.circom`, 2, 'r1cs', 'wasm');
assert.ok(compiled.r1cs !== undefined);
const r1cs = readR1cs(compiled.r1cs);
const wasm = await loadArtefact('wasm', manifest);

test('the committed artefacts are exactly those of the sources', () => {
  assert.ok(compiled.r1cs !== undefined && compiled.wasm !== undefined);
  const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  assert.equal(digest(compiled.r1cs), manifest.r1cs.sha256, 'other constraints: npm run ceremony');
  assert.equal(digest(compiled.wasm), manifest.files.wasm.sha256, 'npm run circuit -w @blindpost/zk');
});

test('the circuit fits a domain of 2^14 and has 5 public signals', async () => {
  assert.ok(r1cs.constraints.length + 5 < 2 ** 14);
  const key: unknown = JSON.parse(await readFile(new URL('verification_key.json', ARTEFACTS_FOLDER), 'utf8'));
  assert.ok(
    typeof key === 'object' && key !== null && 'nPublic' in key && 'IC' in key && Array.isArray(key.IC),
  );
  assert.equal(key.nPublic, 5);
  assert.equal(key.IC.length, 6);
});

test('the codes of the circuit are those of the table, in its order, and its path has the depth of the registry', async () => {
  const text = await readFile(`${CIRCUITS_FOLDER}type-permission.circom`, 'utf8');
  const codes = Array.from(text.matchAll(/0x0\d0[\dA-F]/g), ([code]) => code);
  assert.deepEqual(
    codes,
    ENTITY_TYPES.map(({ hex }) => hex),
  );
  const main = await readFile(`${CIRCUITS_FOLDER}${manifest.circuit}.circom`, 'utf8');
  assert.match(main, new RegExp(`EntityTypeProof\\(${DEPTH}\\);`));
});

test('200 random honest witnesses satisfy every constraint and give the public signals in their order', async () => {
  for (let run = 0; run < Math.ceil(200 * SCALE); run++) {
    const statement = randomStatement();
    const inputs = inputsOf(statement);
    const witness = await witnessOf(wasm, inputs);
    assert.equal(witness.length, r1cs.wires);
    assert.ok(r1cs.constraints.every((constraint) => holds(constraint, witness)));
    assert.deepEqual(witness.slice(1, 6), signalsOf(statement, inputs.attestersRoot));
  }
});

/** Left over of what only compares: in no constraint, so that they are no part of what is proven. */
const UNUSED_WIRES = 2;

test('no wire of a witness can be changed alone, but for those that no constraint mentions', async () => {
  const witness = await witnessOf(wasm, inputsOf(randomStatement()));
  const touching = new Map<number, number[]>();
  for (const [index, constraint] of r1cs.constraints.entries()) {
    for (const wire of wiresOf(constraint)) {
      const others = touching.get(wire);
      if (others === undefined) touching.set(wire, [index]);
      else others.push(index);
    }
  }
  assert.equal(touching.size, r1cs.wires - 1 - UNUSED_WIRES);
  for (const [wire, constraints] of touching) {
    const value = witness[wire] ?? 0n;
    for (const other of [(value + randomScalar()) % SCALAR_MODULUS, SCALAR_MODULUS - value, 1n - value]) {
      if ((other - value) % SCALAR_MODULUS === 0n) continue;
      witness[wire] = other;
      const refused = constraints.some((index) => {
        const constraint = r1cs.constraints[index];
        return constraint !== undefined && !holds(constraint, witness);
      });
      assert.ok(refused, `wire ${wire} of ${r1cs.wires}`);
    }
    witness[wire] = value;
  }
});
