import * as snarkjs from 'snarkjs';
import type { Groth16Proof } from './index.js';

/** What snarkjs says of a proof; ends the workers that it starts to find out. */
export async function verifies(
  verificationKey: unknown,
  publicSignals: string[],
  proof: Groth16Proof,
): Promise<boolean> {
  try {
    return await snarkjs.groth16.verify(verificationKey, publicSignals, proof);
  } finally {
    await (await snarkjs.curves.getCurveFromName('bn128')).terminate();
  }
}
