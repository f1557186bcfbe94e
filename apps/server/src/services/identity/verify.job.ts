import { loadArtefact, loadManifest } from '@blindpost/zk/artefacts/node';
import type { Proof } from '@blindpost/zk/proof';
import { readVerificationKey, Verifier } from '@blindpost/zk/verifier';
import { defineJob } from '../../platform/compute/job.js';

let opened: Promise<Verifier> | undefined;

/** Whether each of the proofs holds; the thread keeps the prepared key. */
export const verifyProofs = defineJob<readonly Proof[], boolean[]>(
  import.meta.url,
  'verifyProofs',
  async (proofs) => {
    opened ??= open();
    const verifier = await opened;
    const [only] = proofs;
    if (only !== undefined && proofs.length === 1) return [verifier.verify(only)];
    return verifier.verifyBatch(proofs);
  },
);

async function open(): Promise<Verifier> {
  const bytes = await loadArtefact('verificationKey', await loadManifest());
  const key = readVerificationKey(JSON.parse(Buffer.from(bytes).toString()));
  if (!key.ok) throw new Error(`the verification key cannot be used: ${key.field} ${key.message}`);
  return Verifier.open(key.value);
}
