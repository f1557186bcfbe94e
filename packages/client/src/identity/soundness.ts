import { attestedMessage, attesterLeaf } from '@blindpost/zk/attester';
import { entityTypeByCode, typesOfMask } from '@blindpost/zk/entity-types';
import { verifyPath } from '@blindpost/zk/registry';
import { verifySignature } from '@blindpost/zk/signature';
import type { Attested } from './types.js';

/**
 * The member of an attestation by which nothing could be proven with it; undefined when something can. What a prover
 * would find out in seconds and say in the circuit's words shows here at once.
 */
export function unsoundMember({ attestation, merkleProof, registryRoot }: Attested): string | undefined {
  const type = entityTypeByCode(attestation.entityType);
  if (type === undefined || type.numeric !== attestation.typeCode) return 'entityType';
  if (!typesOfMask(attestation.attesterTypeMask).includes(type)) return 'attesterTypeMask';
  const publicKey = { x: BigInt(attestation.attesterPubKeyX), y: BigInt(attestation.attesterPubKeyY) };
  const message = attestedMessage(BigInt(attestation.entityCommitment), type);
  const signature = {
    r8: { x: BigInt(attestation.signatureR8X), y: BigInt(attestation.signatureR8Y) },
    s: BigInt(attestation.signatureS),
  };
  if (!verifySignature(publicKey, message, signature)) return 'signatureS';
  const leaf = attesterLeaf(publicKey, attestation.attesterTypeMask);
  const { pathElements, pathIndices } = merkleProof;
  const path = { pathElements: pathElements.map(BigInt), pathIndices };
  return verifyPath(BigInt(registryRoot), leaf, path) ? undefined : 'merkleProof';
}
