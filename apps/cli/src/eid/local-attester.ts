import type { Attested, Entity } from '@blindpost/client/identity';
import { attestedMessage, attesterLeaf } from '@blindpost/zk/attester';
import { type EntityType, typeMask } from '@blindpost/zk/entity-types';
import { pathOf, rootOf, treeOf } from '@blindpost/zk/registry';
import { randomKey, sign, signingKey } from '@blindpost/zk/signature';

/** Of an attestation that nobody keeps a record of. */
const NO_ID = '00000000-0000-0000-0000-000000000000';

/** An attestation by an attester whose key is thrown away, alone in a registry of its own: to try things out. */
export function attestLocally(entity: Entity, type: EntityType): Attested {
  const key = signingKey(randomKey());
  const mask = typeMask([type]);
  const tree = treeOf([attesterLeaf(key.publicKey, mask)]);
  const { pathElements } = pathOf(tree, 0);
  const { r8, s } = sign(key, attestedMessage(entity.getCommitment(), type));
  return {
    attestation: {
      id: NO_ID,
      entityCommitment: entity.commitment,
      entityType: type.code,
      typeCode: type.numeric,
      attesterPubKeyX: key.publicKey.x.toString(),
      attesterPubKeyY: key.publicKey.y.toString(),
      signatureR8X: r8.x.toString(),
      signatureR8Y: r8.y.toString(),
      signatureS: s.toString(),
      attesterIndex: 0,
      attesterTypeMask: mask,
      createdAt: new Date().toISOString(),
    },
    merkleProof: { pathElements: pathElements.map(String), pathIndices: pathElements.map(() => 0 as const) },
    registryRoot: rootOf(tree).toString(),
    development: true,
  };
}
