import { randomInt } from 'node:crypto';
import { attestedMessage, attesterLeaf } from '../attester/index.js';
import type { Point } from '../babyjub/point.js';
import { commitmentOf, type EntitySecrets, nullifierOf, randomSecrets } from '../entity/index.js';
import { ENTITY_TYPES, type EntityType, typeMask } from '../entity-types/index.js';
import { randomScalar } from '../field/index.js';
import { CAPACITY, pathOf, rootOfPath, setLeaf } from '../registry/index.js';
import { randomKey, type Signature, type SigningKey, sign, signingKey } from '../signature/index.js';

/** What an entity proves, and who attested it. */
export type Statement = {
  key: SigningKey;
  type: EntityType;
  /** What the registry allows the attester. */
  mask: number;
  entity: EntitySecrets;
  contextId: bigint;
  index: number;
};

/** A statement that is so, other than which it is random. */
export function randomStatement(changes: Partial<Statement> = {}): Statement {
  const type = changes.type ?? anyType();
  return {
    key: signingKey(randomKey()),
    type,
    mask: typeMask([type, ...ENTITY_TYPES.filter(() => randomInt(2) === 1)]),
    entity: randomSecrets(),
    contextId: randomScalar(),
    index: randomInt(CAPACITY),
    ...changes,
  };
}

/** Inputs of the circuit by which the statement is proven; what the attester signed may be given. */
export function inputsOf(
  statement: Statement,
  signature: Signature = sign(statement.key, attestedMessage(commitmentOf(statement.entity), statement.type)),
) {
  const { key, type, mask, entity, contextId, index } = statement;
  return {
    claimedType: BigInt(type.numeric),
    contextId,
    ...entity,
    ...membership(key.publicKey, mask, index),
    signatureR8X: signature.r8.x,
    signatureR8Y: signature.r8.y,
    signatureS: signature.s,
  };
}

/** The part of the inputs that leads from an attester to the root of a registry with a few others. */
export function membership(publicKey: Point, mask: number, index: number) {
  const leaf = attesterLeaf(publicKey, mask);
  const nodes = new Map<string, bigint>();
  const read = (level: number, at: number) => nodes.get(`${level}:${at}`);
  const leaves: [number, bigint][] = [
    [index ^ 1, randomScalar()],
    [index ^ 6, randomScalar()],
    [index, leaf],
  ];
  for (const [at, value] of leaves)
    for (const node of setLeaf(read, at, value)) nodes.set(`${node.level}:${node.index}`, node.value);
  const path = pathOf(read, index);
  return {
    attestersRoot: rootOfPath(leaf, path),
    attesterPubKeyX: publicKey.x,
    attesterPubKeyY: publicKey.y,
    typeMask: BigInt(mask),
    pathElements: path.pathElements,
    pathIndices: path.pathIndices.map(BigInt),
  };
}

/** The public signals in their order. */
export function signalsOf({ entity, type, contextId }: Statement, root: bigint): bigint[] {
  return [nullifierOf(entity.secret, contextId), commitmentOf(entity), BigInt(type.numeric), root, contextId];
}

function anyType(): EntityType {
  const type = ENTITY_TYPES[randomInt(ENTITY_TYPES.length)];
  if (type === undefined) throw new Error('there are no types');
  return type;
}
