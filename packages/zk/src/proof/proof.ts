import type { G1Point, G2Point } from './points.js';

/**
 * A Groth16 proof over BN254 with what it claims. It can be re-randomised by anyone, so nothing may be keyed on its
 * points: the signals say which proof it is.
 */
export type Proof = {
  a: G1Point;
  b: G2Point;
  c: G1Point;
  /** The public signals, elements of the scalar field, in the circuit's order. */
  signals: bigint[];
};

/** A proof's points as snarkjs writes them, in canonical decimals. */
export type ProofJson = {
  pi_a: [string, string, '1'];
  pi_b: [[string, string], [string, string], ['1', '0']];
  pi_c: [string, string, '1'];
  protocol: 'groth16';
  curve: 'bn128';
};
