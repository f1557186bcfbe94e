import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { AttestAnswer, Attestation, AttestRequest } from '@blindpost/protocol/identity';
import { type EntityType, entityTypeByCode, typesOfMask } from '@blindpost/zk/entity-types';
import { parseNumber, SCALAR_MODULUS } from '@blindpost/zk/field';
import type { Signature } from '@blindpost/zk/signature';
import { isoTime, parseTime } from '../../../platform/iso-time.js';
import { uuidText, uuidv7 } from '../../../platform/sql/id.js';
import { checkAttestation, signAttestation } from '../attester.job.js';
import type { Identity } from '../identity.js';
import { claimKey } from '../rules/keys.js';
import { pointOf } from '../rules/point-bytes.js';
import { readSignature, writeSignature } from '../rules/signature.js';
import { attest as write } from '../store/attest.js';
import type { AttesterRow } from '../store/attesters.js';

/** Has the attester vouch for the type of whoever knows what the commitment hides. */
export async function attest(
  identity: Identity,
  attester: AttesterRow,
  body: AttestRequest,
): Promise<{ ok: true; answer: AttestAnswer } | Refusal> {
  if (identity.room.isFull('attestations')) return refuse('storage_full');
  if (body.attester !== undefined && body.attester !== attester.id) {
    return refuse('forbidden', { field: 'attester' }, 'This is the key of another attester.');
  }
  const commitment = parseNumber(body.entityCommitment, SCALAR_MODULUS);
  if (commitment === undefined) return refuse('invalid_commitment', { field: 'entityCommitment' });
  const type = entityTypeByCode(body.entityType);
  if (type === undefined) return refuse('invalid_type', { field: 'entityType' });
  if (!typesOfMask(attester.type_mask).includes(type)) {
    return refuse('forbidden', { field: 'entityType' }, 'This attester does not attest that type.');
  }
  const now = identity.clock.now();
  const expiry = expiryOf(body.expiresAt, now);
  if (!expiry.ok) return expiry;
  const { expiresAt } = expiry;
  const signed = await signatureOf(identity, attester, { commitment, type }, body);
  if (!signed.ok) return signed;

  const id = uuidv7(identity.clock, identity.random);
  const attested = await identity.db.write(write, {
    id,
    attester: attester.place,
    claim: claimKey(commitment, type.numeric),
    typeCode: type.numeric,
    expiresAt,
    now,
  });
  if (attested.status === 'revoked') return refuse('unauthorized', {}, 'This attester has been revoked.');
  const { x, y } = pointOf(attester.public_key);
  const attestation: Attestation = {
    id: uuidText(id),
    entityCommitment: commitment.toString(),
    entityType: type.code,
    typeCode: type.numeric,
    attesterPubKeyX: x.toString(),
    attesterPubKeyY: y.toString(),
    ...writeSignature(signed.signature),
    attesterIndex: attester.place,
    attesterTypeMask: attester.type_mask,
    createdAt: isoTime(now),
    ...(expiresAt === null ? {} : { expiresAt: isoTime(expiresAt) }),
  };
  const answer: AttestAnswer = { attestation, merkleProof: attested.path, registryRoot: attested.root };
  if (attester.development === 1) answer.development = true;
  return { ok: true, answer };
}

function expiryOf(text: string | undefined, now: number): { ok: true; expiresAt: number | null } | Refusal {
  if (text === undefined) return { ok: true, expiresAt: null };
  const expiresAt = parseTime(text);
  const field = 'expiresAt';
  if (expiresAt === null)
    return refuse('invalid_request', { field }, `${field} must be a time with an offset`);
  if (expiresAt <= now) return refuse('invalid_request', { field }, `${field} must be in the future`);
  return { ok: true, expiresAt };
}

type Vouched = { commitment: bigint; type: EntityType };

/** The attester's own signature, checked; or one with its key, which the server keeps. */
async function signatureOf(
  identity: Identity,
  attester: AttesterRow,
  { commitment, type }: Vouched,
  body: AttestRequest,
): Promise<{ ok: true; signature: Signature } | Refusal> {
  const { public_key: publicKey, sealed_key: sealed } = attester;
  const { signatureR8X, signatureR8Y, signatureS } = body;
  if (sealed !== null) {
    if (signatureR8X !== undefined || signatureR8Y !== undefined || signatureS !== undefined) {
      const field = 'signatureR8X';
      return refuse('invalid_request', { field }, 'The server signs for this attester: send no signature.');
    }
    const key = identity.keys.open(publicKey, sealed);
    // Nothing the caller could do about it.
    if (key === null) throw new Error('the key of an attester was sealed under another BLINDPOST_SECRET');
    const signed = await identity.compute.run(signAttestation, { key, commitment, type: type.code });
    if (!signed.ok) return refuse('unavailable', { retryAfter: signed.retryAfter });
    return { ok: true, signature: signed.value };
  }
  const [missing] =
    Object.entries({ signatureR8X, signatureR8Y, signatureS }).find(([, v]) => v === undefined) ?? [];
  if (signatureR8X === undefined || signatureR8Y === undefined || signatureS === undefined) {
    const field = missing ?? 'signatureS';
    return refuse('invalid_request', { field }, `${field} is required: this attester keeps its own key`);
  }
  const read = readSignature({ signatureR8X, signatureR8Y, signatureS });
  if (!read.ok) return read;
  const { signature } = read;
  const point = pointOf(publicKey);
  const checked = await identity.compute.run(checkAttestation, {
    publicKey: point,
    signature,
    commitment,
    type: type.code,
  });
  if (!checked.ok) return refuse('unavailable', { retryAfter: checked.retryAfter });
  if (checked.value) return { ok: true, signature };
  return refuse('invalid_request', { field: 'signatureS' }, 'The signature does not verify.');
}
