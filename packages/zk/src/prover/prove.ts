import type { CircuitInputs } from './inputs.js';
import type { ProofResult } from './proof.js';
import { type ProveOptions, Prover, type ProverOptions } from './prover.js';

/** Makes one proof in a worker that ends with it; whoever makes several keeps a {@link Prover}. Rejects as that does. */
export async function prove(
  inputs: CircuitInputs,
  options: ProverOptions & ProveOptions,
): Promise<ProofResult> {
  const prover = new Prover(options);
  try {
    return await prover.prove(inputs, options);
  } finally {
    prover.close();
  }
}
