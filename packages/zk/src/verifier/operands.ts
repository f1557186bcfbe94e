import type { G1, G2 } from 'mcl-wasm';
import { SCALAR_MODULUS } from '../field/modulus.js';
import type { Proof } from '../proof/proof.js';
import { toG1, toG2 } from './curve.js';

/** A proof whose points are in their groups, in the form that pairings take. */
export type Operands = { a: G1; b: G2; c: G1; signals: readonly bigint[] };

/** Undefined when a point or a signal is not what it must be: such a proof is invalid, whatever the equation says. */
export function operandsOf(proof: Proof, signalCount: number): Operands | undefined {
  const { signals } = proof;
  if (signals.length !== signalCount || !signals.every(isScalar)) return undefined;
  const a = toG1(proof.a);
  const c = toG1(proof.c);
  if (a === undefined || c === undefined) return undefined;
  const b = toG2(proof.b);
  return b && { a, b, c, signals };
}

function isScalar(value: bigint): boolean {
  return value >= 0n && value < SCALAR_MODULUS;
}
