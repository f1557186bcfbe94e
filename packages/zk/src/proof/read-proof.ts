import { SCALAR_MODULUS } from '../field/modulus.js';
import type { Proof } from './proof.js';
import { readElements, readG1, readG2, readList } from './read-points.js';
import { type Fault, fault, membersOf, type Reading } from './reading.js';

const MEMBERS = new Set(['pi_a', 'pi_b', 'pi_c', 'protocol', 'curve']);

/**
 * Reads a proof and its public signals as snarkjs writes them. Numbers may be canonical decimals or hex, and what is
 * answered are numbers: compare and store these, never what came. Whether the point B is in its group, which is dear,
 * and whether the proof holds, the verifier says.
 */
export function readProof(proof: unknown, publicSignals: unknown, signalCount: number): Reading<Proof> {
  const members = membersOf(proof);
  if (members === undefined) return fault('proof', proof === undefined ? 'is required' : 'must be an object');
  const a = readG1(members.get('pi_a'), 'proof.pi_a');
  if (!a.ok) return a;
  const b = readG2(members.get('pi_b'), 'proof.pi_b');
  if (!b.ok) return b;
  const c = readG1(members.get('pi_c'), 'proof.pi_c');
  if (!c.ok) return c;
  const kind = checkKind(members);
  if (kind !== undefined) return kind;
  const list = readList(publicSignals, signalCount, 'publicSignals');
  if (!list.ok) return list;
  const signals = readElements(list.value, SCALAR_MODULUS, 'publicSignals');
  if (!signals.ok) return signals;
  return { ok: true, value: { a: a.value, b: b.value, c: c.value, signals: signals.value } };
}

function checkKind(members: ReadonlyMap<string, unknown>): Fault | undefined {
  if (members.get('protocol') !== 'groth16') return fault('proof.protocol', 'must be groth16');
  if (members.has('curve') && members.get('curve') !== 'bn128') return fault('proof.curve', 'must be bn128');
  for (const name of members.keys()) {
    if (!MEMBERS.has(name)) return fault(`proof.${name}`.slice(0, 256), 'is not known here');
  }
  return undefined;
}
