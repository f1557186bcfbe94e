/** A Groth16 proof over BN254 as snarkjs writes it, in decimals; the points are projective, with 1 at the end. */
export type Groth16Proof = {
  pi_a: string[];
  pi_b: string[][];
  pi_c: string[];
  protocol: string;
  curve: string;
};

/** A proof and the public signals it is a proof of, in the order of the circuit. */
export type ProofResult = { proof: Groth16Proof; publicSignals: string[] };
