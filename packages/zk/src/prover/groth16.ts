import * as snarkjs from 'snarkjs';
import { ProverError } from './error.js';
import { type Progress, progressOf } from './progress.js';
import type { ProofResult } from './proof.js';

/** A page of 64 KiB: the program of a circuit brings the memory it needs, and the default asks for 2 GiB. */
const MEMORY_PAGES = 1;

type Artefacts = { wasm: Uint8Array; zkey: Uint8Array; threads: 'all' | 'one' };

/**
 * Computes the witness and proves it. Keeps the curve, and with it snarkjs's own workers, for the next time.
 * Throws a {@link ProverError}, or whatever snarkjs throws over artefacts it cannot use.
 * @param inputs canonical decimals
 */
export async function prove(
  inputs: Record<string, string | string[]>,
  { wasm, zkey, threads }: Artefacts,
  tell: (progress: Progress) => void,
): Promise<ProofResult> {
  await keepCurve(threads);
  tell({ phase: 'witness', done: 0.1 });
  const witness: { type: 'mem' } = { type: 'mem' };
  try {
    await snarkjs.wtns.calculate(inputs, wasm, witness, { memorySize: MEMORY_PAGES });
  } catch (error) {
    throw readComplaint(error);
  }
  const debug = (announcement: string) => {
    const progress = progressOf(announcement);
    if (progress !== undefined) tell(progress);
  };
  const quiet = () => {};
  return snarkjs.groth16.prove(zkey, witness, { debug, info: quiet, warn: quiet, error: quiet });
}

/** snarkjs looks for a curve under this name before it builds one, but puts none there that has no workers. */
async function keepCurve(threads: Artefacts['threads']): Promise<void> {
  if (Reflect.get(globalThis, 'curve_bn128')) return;
  const curve = await snarkjs.curves.getCurveFromName('bn128', { singleThread: threads === 'one' });
  Reflect.set(globalThis, 'curve_bn128', curve);
}

/** Tells the complaints of a witness program apart; they name signals and templates, never values. */
function readComplaint(error: unknown): unknown {
  const message = error instanceof Error ? error.message : '';
  if (message.includes('Assert Failed')) {
    // From the innermost template outwards to the main one: the one within that is a block of the circuit.
    const templates = Array.from(message.matchAll(/in template (\w+)_\d+ line/g), ([, name]) => name);
    const block = templates.at(-2) ?? templates.at(-1);
    return new ProverError('unsatisfied', `the inputs do not satisfy the circuit (${block})`, block);
  }
  const signal = /[Ss]ignal (\w+)(?: not found|\s*$)/.exec(message)?.[1];
  if (signal !== undefined)
    return new ProverError('invalid_inputs', `the circuit wants other values of ${signal}`, signal);
  if (message.includes('Not all inputs'))
    return new ProverError('invalid_inputs', 'the circuit wants more inputs');
  return error;
}
