import { after } from 'node:test';
import * as snarkjs from 'snarkjs';
import type { Groth16Proof } from './index.js';

// snarkjs keeps the workers it verifies with.
after(async () => (await snarkjs.curves.getCurveFromName('bn128')).terminate());

/** What snarkjs says of a proof. */
export function verifies(
  verificationKey: unknown,
  publicSignals: string[],
  proof: Groth16Proof,
): Promise<boolean> {
  return snarkjs.groth16.verify(verificationKey, publicSignals, proof);
}
