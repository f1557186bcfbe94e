import { attestedMessage, possessionMessage } from '@blindpost/zk/attester';
import { entityTypeByCode } from '@blindpost/zk/entity-types';
import {
  isPublicKey,
  type Point,
  randomKey,
  type Signature,
  sign,
  signingKey,
  verifySignature,
} from '@blindpost/zk/signature';
import { defineJob } from '../../platform/compute/job.js';

/** A new private key and its public one. */
export const makeKey = defineJob<null, { key: Uint8Array; publicKey: Point }>(
  import.meta.url,
  'makeKey',
  () => {
    const key = randomKey();
    return { key, publicKey: signingKey(key).publicKey };
  },
);

export type Vouch = { commitment: bigint; type: string };

/** Signs that a commitment is of a type. */
export const signAttestation = defineJob<Vouch & { key: Uint8Array }, Signature>(
  import.meta.url,
  'signAttestation',
  ({ key, ...vouch }) => sign(signingKey(key), messageOf(vouch)),
);

/** Whether an attester that keeps its own key signed that. */
export const checkAttestation = defineJob<Vouch & { publicKey: Point; signature: Signature }, boolean>(
  import.meta.url,
  'checkAttestation',
  ({ publicKey, signature, ...vouch }) => verifySignature(publicKey, messageOf(vouch), signature),
);

/** What is wrong with a public key that somebody says is theirs, if anything. */
export const checkPossession = defineJob<
  { id: string; publicKey: Point; signature: Signature },
  'ok' | 'no key' | 'not theirs'
>(import.meta.url, 'checkPossession', ({ id, publicKey, signature }) => {
  // Off the curve or outside the subgroup, what a signature says nobody has shown.
  if (!isPublicKey(publicKey)) return 'no key';
  return verifySignature(publicKey, possessionMessage(publicKey, id), signature) ? 'ok' : 'not theirs';
});

function messageOf({ commitment, type: code }: Vouch): bigint {
  const type = entityTypeByCode(code);
  if (type === undefined) throw new Error('a type that was not looked up');
  return attestedMessage(commitment, type);
}
