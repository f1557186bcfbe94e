import { type Attested, isAttested } from '@blindpost/client/identity';
import { Failure } from '../failure.js';
import { USAGE } from './exit-code.js';
import { readJson } from './file.js';

/** The attestation that `eid attest` wrote, or that a server answered. */
export async function readAttestation(path: string): Promise<Attested> {
  const value = await readJson(path);
  if (!isAttested(value)) throw new Failure(`${path} holds no attestation`, USAGE);
  return value;
}
