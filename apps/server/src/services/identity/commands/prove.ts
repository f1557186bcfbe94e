import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { ProveAnswer, ProveRequest } from '@blindpost/protocol/identity';
import { toField } from '@blindpost/zk/context';
import { commitmentOf, type EntitySecrets, randomSecrets, secretsFromHex } from '@blindpost/zk/entity';
import type { Identity } from '../identity.js';
import type { Proofs } from '../proving/proofs.js';
import type { AttesterRow } from '../store/attesters.js';
import { attest } from './attest.js';

const RETRY_AFTER = 5;

/**
 * Makes an entity, has the attester attest it, and proves, so that an integration can be tried without a prover of
 * its own. Whoever has the secret is the entity, which is why there is no such route in production.
 */
export async function prove(
  identity: Identity,
  proofs: Proofs,
  attester: AttesterRow,
  { entityType, entitySecret, context }: ProveRequest,
): Promise<{ ok: true; answer: ProveAnswer } | Refusal> {
  if (attester.sealed_key === null) {
    return refuse(
      'forbidden',
      { field: 'authorization' },
      'This attester keeps its own key: attest and prove apart.',
    );
  }
  const secrets = entitySecret === undefined ? randomSecrets() : secretsFromHex(entitySecret);
  if (secrets === undefined) {
    const field = 'entitySecret';
    return refuse('invalid_request', { field }, `${field} must be 16 to 64 bytes in hex`);
  }
  const commitment = commitmentOf(secrets).toString();
  const attested = await attest(identity, attester, { entityCommitment: commitment, entityType });
  if (!attested.ok) return attested;
  const contextId = toField(context);
  const proven = await proofs.prove(inputsOf(secrets, contextId, attested.answer));
  if (proven === null) return refuse('unavailable', { retryAfter: RETRY_AFTER });
  const { typeCode } = attested.answer.attestation;
  const { proof, publicSignals } = proven;
  const answer: ProveAnswer = {
    success: true,
    proof: {
      pi_a: proof.pi_a.map(coordinate),
      pi_b: proof.pi_b.map((pair) => pair.map(coordinate)),
      pi_c: proof.pi_c.map(coordinate),
      protocol: 'groth16',
    },
    publicSignals,
    entityType,
    typeCode,
    commitment,
    contextId: contextId.toString(),
  };
  return { ok: true, answer };
}

function inputsOf(
  { secret, salt }: EntitySecrets,
  contextId: bigint,
  {
    attestation,
    merkleProof,
    registryRoot,
  }: Extract<Awaited<ReturnType<typeof attest>>, { ok: true }>['answer'],
) {
  return {
    claimedType: attestation.typeCode,
    attestersRoot: registryRoot,
    contextId,
    secret,
    salt,
    attesterPubKeyX: attestation.attesterPubKeyX,
    attesterPubKeyY: attestation.attesterPubKeyY,
    typeMask: attestation.attesterTypeMask,
    signatureR8X: attestation.signatureR8X,
    signatureR8Y: attestation.signatureR8Y,
    signatureS: attestation.signatureS,
    pathElements: merkleProof.pathElements,
    pathIndices: merkleProof.pathIndices,
  };
}

/** Hex, as the document shows it, but for the third coordinates, which are plain 1 and 0. */
function coordinate(decimal: string): string {
  return decimal === '0' || decimal === '1' ? decimal : `0x${BigInt(decimal).toString(16)}`;
}
