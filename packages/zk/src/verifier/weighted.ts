import { bytesToNumberLE } from '@noble/curves/utils.js';
import { type Fr, type G1, type GT, millerLoop, mul, mulVec } from 'mcl-wasm';
import { SCALAR_MODULUS } from '../field/modulus.js';
import { toFr } from './curve.js';
import type { Operands } from './operands.js';
import type { PreparedKey } from './prepared-key.js';

const WEIGHT_BYTES = 16;

/** A proof's part of a sum of equations. */
export type Weighted = {
  /** The Miller loop of weight·A and B. */
  ab: GT;
  c: G1;
  weight: Fr;
  /** The weight, and the weight times each signal. */
  signals: readonly [bigint, ...bigint[]];
};

/**
 * Gives a proof its weight, 128 random bits drawn after the proof was fixed: errors of several proofs that were made
 * to cancel each other then do so with a chance of 2^-128.
 */
export function weigh({ a, b, c, signals }: Operands): Weighted {
  const weight = bytesToNumberLE(crypto.getRandomValues(new Uint8Array(WEIGHT_BYTES)));
  const scalar = toFr(weight);
  return {
    ab: millerLoop(mul(a, scalar), b),
    c,
    weight: scalar,
    signals: [weight, ...signals.map((signal) => signal * weight)],
  };
}

/** What the weighted sum of the equations of these proofs comes to: 1 where it holds. There must be one at least. */
export function balanceOf(key: PreparedKey, group: readonly Weighted[]): GT {
  const ab = group.map((each) => each.ab).reduce((product, each) => mul(product, each));
  const c = mulVec(
    group.map((each) => each.c),
    group.map((each) => each.weight),
  );
  return key.weightedBalance(ab, sumOf(group), c);
}

function sumOf(group: readonly Weighted[]): [bigint, ...bigint[]] {
  const sum: [bigint, ...bigint[]] = [0n];
  for (const { signals } of group) {
    for (const [i, signal] of signals.entries()) sum[i] = ((sum[i] ?? 0n) + signal) % SCALAR_MODULUS;
  }
  return sum;
}
