import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as snarkjs from 'snarkjs';
import { readWitness } from './r1cs.fixture.js';

export const CIRCUITS_FOLDER = fileURLToPath(new URL('../../circuits/', import.meta.url));
const script = fileURLToPath(new URL('../../scripts/compile.mjs', import.meta.url));

/** A folder that is gone after the tests of this file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'blindpost-circuit-'));
  after(() => rm(folder, { recursive: true }));
  return folder;
}

/** Compiles a circuit as `compile.mjs` says, and reads the outputs. */
export async function compile(
  circuit: string,
  simplification: 0 | 1 | 2,
  ...outputs: ('r1cs' | 'sym' | 'wasm')[]
): Promise<Record<string, Uint8Array>> {
  const folder = await temporaryFolder();
  await promisify(execFile)(process.execPath, [script, circuit, folder, String(simplification), ...outputs]);
  const name = basename(circuit, '.circom');
  return Object.fromEntries(
    await Promise.all(
      outputs.map(async (output) => [output, await readFile(join(folder, `${name}.${output}`))]),
    ),
  );
}

/** The values of all wires. Rejects when the program finds that the inputs do not satisfy the circuit. */
export async function witnessOf(wasm: Uint8Array, inputs: Inputs): Promise<bigint[]> {
  const witness: { type: 'mem'; data?: Uint8Array } = { type: 'mem' };
  const decimals = Object.entries(inputs).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map(String) : String(value),
  ]);
  await snarkjs.wtns.calculate(Object.fromEntries(decimals), wasm, witness, { memorySize: 1 });
  return readWitness(witness.data ?? new Uint8Array());
}

export type Inputs = Readonly<Record<string, bigint | bigint[]>>;
