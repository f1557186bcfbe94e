import { type Proof, readProof, SIGNAL_COUNT } from '@blindpost/zk/proof';
import type { ProofResult } from '@blindpost/zk/prover';
import { MAX_BATCH, readVerificationKey, Verifier } from '@blindpost/zk/verifier';
import * as snarkjs from 'snarkjs';
import { type Cost, costOf, rounded, typical } from './clock.js';

type Path = { proofs: number; verify: () => boolean[] | Promise<boolean[]>; bad: number };

/** Times of a verification, reading included: all paths in turn in every round, on the same proofs. */
export async function verifying(verificationKey: unknown, proofs: readonly ProofResult[], rounds: number) {
  const key = readVerificationKey(verificationKey);
  if (!key.ok) throw new Error(`${key.field} ${key.message}`);
  const verifier = await Verifier.open(key.value);
  const [first, second] = proofs;
  if (first === undefined || second === undefined) throw new Error('two proofs at least');

  const hundred = Array.from({ length: MAX_BATCH }, (_, i) => proofs[i % proofs.length] ?? first);
  const spoiled = hundred.with(57, { ...first, publicSignals: second.publicSignals });
  const batch = (some: ProofResult[]) => () => verifier.verifyBatch(some.map(read));
  const { proof, publicSignals } = first;
  const paths: Record<string, Path> = {
    one: { proofs: 1, verify: () => [verifier.verify(read(first))], bad: 0 },
    'batch of 10': { proofs: 10, verify: batch(hundred.slice(0, 10)), bad: 0 },
    'batch of 100': { proofs: 100, verify: batch(hundred), bad: 0 },
    'batch of 100, one bad': { proofs: 100, verify: batch(spoiled), bad: 1 },
    'control: snarkjs': {
      proofs: 1,
      verify: async () => [await snarkjs.groth16.verify(verificationKey, publicSignals, proof)],
      bad: 0,
    },
  };

  const costs = new Map<string, Cost[]>();
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const [name, path] of Object.entries(paths)) {
      let verdicts: boolean[] = [];
      const cost = await costOf(async () => {
        verdicts = await path.verify();
      });
      if (verdicts.filter((verdict) => !verdict).length !== path.bad)
        throw new Error(`${name}: wrong verdicts`);
      if (round > 0) costs.set(name, [...(costs.get(name) ?? []), cost]);
    }
  }
  verifier.close();

  const control = typical(costs.get('control: snarkjs') ?? []).cpuMs;
  return Object.fromEntries(
    Object.entries(paths).map(([name, path]) => {
      const each = typical(costs.get(name) ?? [], path.proofs);
      return [name, { ...each, timesSnarkjs: rounded(control / each.cpuMs) }];
    }),
  );
}

function read({ proof, publicSignals }: ProofResult): Proof {
  const reading = readProof(proof, publicSignals, SIGNAL_COUNT);
  if (!reading.ok) throw new Error(`${reading.field} ${reading.message}`);
  return reading.value;
}
