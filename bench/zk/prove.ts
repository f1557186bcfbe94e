import {
  type CircuitInputs,
  type Phase,
  type ProofResult,
  Prover,
  type ProverArtefacts,
} from '@blindpost/zk/prover';
import * as snarkjs from 'snarkjs';
import { median } from '../relay/latency.js';
import { type Cost, costOf, rounded, typical } from './clock.js';
import { statement } from './statement.js';

type Split = Cost & { witnessMs: number; proveMs: number };

/** As our prover has it; snarkjs would ask for 2 GiB. */
const MEMORY = { memorySize: 1 };
const quiet = undefined;

/** Times of proofs from a worker that had to start, and from one that did not; the control has no worker of ours. */
export async function proving(artefacts: ProverArtefacts, count: number) {
  const cold: Split[] = [];
  const warm: Split[] = [];
  const control: Cost[] = [];
  const proofs: ProofResult[] = [];
  for (let i = 0; i < count; i++) {
    const prover = new Prover(artefacts);
    for (const splits of [cold, warm]) {
      const { split, proof } = await proved(prover, statement(proofs.length));
      splits.push(split);
      proofs.push(proof);
    }
    prover.close();
    const inputs = decimals(statement(0));
    control.push(
      await costOf(() => snarkjs.groth16.fullProve(inputs, artefacts.wasm, artefacts.zkey, quiet, MEMORY)),
    );
  }
  return {
    proofs,
    figures: { cold: summary(cold), warm: summary(warm), 'snarkjs fullProve': typical(control) },
  };
}

async function proved(prover: Prover, inputs: CircuitInputs): Promise<{ split: Split; proof: ProofResult }> {
  const began = new Map<Phase, number>();
  let proof: ProofResult | undefined;
  const cost = await costOf(async () => {
    proof = await prover.prove(inputs, {
      onProgress: ({ phase }) => began.has(phase) || began.set(phase, performance.now()),
    });
  });
  const done = performance.now();
  const [witness, prove] = [began.get('witness'), began.get('polynomials')];
  if (proof === undefined || witness === undefined || prove === undefined)
    throw new Error('a phase was not told');
  return { split: { ...cost, witnessMs: prove - witness, proveMs: done - prove }, proof };
}

function summary(splits: readonly Split[]): Split {
  return {
    ...typical(splits),
    witnessMs: rounded(median(splits.map(({ witnessMs }) => witnessMs))),
    proveMs: rounded(median(splits.map(({ proveMs }) => proveMs))),
  };
}

function decimals(inputs: CircuitInputs): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      name,
      typeof value === 'object' ? value.map(String) : String(value),
    ]),
  );
}
