import type { Claim } from '@blindpost/client/identity';
import { entityTypeByNumber } from '@blindpost/zk/entity-types';
import { parseNumber, SCALAR_MODULUS } from '@blindpost/zk/field';

/** A proof with the label of its file. */
export interface ProofFile {
  proof: unknown;
  publicSignals: unknown;
  /** What the file says the proof is; nothing that was proven. */
  entityType: unknown;
  contextId: unknown;
  development: boolean;
}

/** The members of a proof's file, none of which need be what they should. */
export function proofFile(value: unknown): ProofFile {
  const members = new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  return {
    proof: members.get('proof'),
    publicSignals: members.get('publicSignals'),
    entityType: members.get('entityType'),
    contextId: members.get('contextId'),
    development: members.get('development') === true,
  };
}

/** The member whose label says something else than the proof; a label that is not there says nothing. */
export function mislabelled(
  { entityType, contextId }: ProofFile,
  { publicSignals }: Claim,
): string | undefined {
  const [, , claimedType, , context] = publicSignals.map((text) => parseNumber(text, SCALAR_MODULUS));
  const code = claimedType === undefined ? undefined : entityTypeByNumber(claimedType)?.code;
  if (entityType !== undefined && entityType !== code) return 'entityType';
  if (contextId !== undefined && contextId !== context?.toString()) return 'contextId';
  return undefined;
}
