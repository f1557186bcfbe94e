import { attestedMessage, attesterLeaf } from '@blindpost/zk/attester';
import { commitmentOf, randomSecrets } from '@blindpost/zk/entity';
import { type EntityType, entityTypeByCode, typeMask } from '@blindpost/zk/entity-types';
import type { CircuitInputs } from '@blindpost/zk/prover';
import { pathOf, rootOf, treeOf } from '@blindpost/zk/registry';
import { randomKey, sign, signingKey } from '@blindpost/zk/signature';

/** Inputs of a new entity that one of three attesters attested; each call has a context of its own. */
export function statement(contextId: number): CircuitInputs {
  const type = conversational();
  const mask = typeMask([type]);
  const keys = [randomKey(), randomKey(), randomKey()].map(signingKey);
  const tree = treeOf(keys.map(({ publicKey }) => attesterLeaf(publicKey, mask)));
  const [key] = keys;
  if (key === undefined) throw new Error('no attester');

  const secrets = randomSecrets();
  const { r8, s } = sign(key, attestedMessage(commitmentOf(secrets), type));
  return {
    ...secrets,
    ...pathOf(tree, 0),
    claimedType: type.numeric,
    attestersRoot: rootOf(tree),
    contextId,
    attesterPubKeyX: key.publicKey.x,
    attesterPubKeyY: key.publicKey.y,
    typeMask: mask,
    signatureR8X: r8.x,
    signatureR8Y: r8.y,
    signatureS: s,
  };
}

function conversational(): EntityType {
  const type = entityTypeByCode('AI.CA');
  if (type === undefined) throw new Error('the table has lost a type');
  return type;
}
