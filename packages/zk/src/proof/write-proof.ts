import type { G1Point, G2Point } from './points.js';
import type { Proof, ProofJson } from './proof.js';

/** A proof in its one canonical spelling, which snarkjs reads as well. */
export function writeProof({ a, b, c, signals }: Proof): { proof: ProofJson; publicSignals: string[] } {
  return {
    proof: { pi_a: writeG1(a), pi_b: writeG2(b), pi_c: writeG1(c), protocol: 'groth16', curve: 'bn128' },
    publicSignals: signals.map(String),
  };
}

function writeG1({ x, y }: G1Point): ProofJson['pi_a'] {
  return [`${x}`, `${y}`, '1'];
}

function writeG2({ x, y }: G2Point): ProofJson['pi_b'] {
  return [
    [`${x[0]}`, `${x[1]}`],
    [`${y[0]}`, `${y[1]}`],
    ['1', '0'],
  ];
}
