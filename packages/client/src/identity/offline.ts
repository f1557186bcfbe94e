import { type ErrorCode, type ErrorDetails, errorBody, refuse } from '@blindpost/protocol/errors';
import type { Rejected } from '@blindpost/protocol/identity';
import { toField } from '@blindpost/zk/context';
import { type EntityTypeCode, entityTypeByNumber } from '@blindpost/zk/entity-types';
import { entitySignals, readProof, SIGNAL_COUNT } from '@blindpost/zk/proof';
import { readVerificationKey, Verifier } from '@blindpost/zk/verifier';

/** What a proof says that holds; numbers are canonical decimals. */
export interface VerifiedOffline {
  valid: true;
  entityType: EntityTypeCode;
  entityTypeName: string;
  phoneticName: string;
  typeCode: number;
  entityCommitment: string;
  nullifier: string;
  contextId: string;
  /** The registry that the proof stands on. Anybody can make one of their own: it must be one that you trust. */
  attestersRoot: string;
}

export interface OfflineOptions {
  /** Roots that are trusted, decimal; a proof on any other is `root_mismatch`. Without it the caller compares. */
  roots?: readonly string[] | undefined;
  /** The context that the proof must be for; any other is `expectation_failed`. */
  contextId?: string | undefined;
}

/**
 * Verifies a proof with a verification key alone. Whether its root is that of the registry, whether it was used
 * before, and whether its attestation was revoked is not to be seen here; servers know.
 * @param verificationKey the parsed `verification_key.json`
 * @throws TypeError when that is none
 */
export async function verifyOffline(
  claim: { proof: unknown; publicSignals: unknown },
  verificationKey: unknown,
  { roots, contextId }: OfflineOptions = {},
): Promise<VerifiedOffline | Rejected> {
  const key = readVerificationKey(verificationKey);
  if (!key.ok) throw new TypeError(`${key.field} ${key.message}`);
  if (key.value.ic.length !== SIGNAL_COUNT + 1) throw new TypeError('the key is that of another circuit');
  const read = readProof(claim.proof, claim.publicSignals, SIGNAL_COUNT);
  if (!read.ok) return reject('invalid_request', { field: read.field }, `${read.field} ${read.message}`);
  const signals = entitySignals(read.value.signals);
  const type = entityTypeByNumber(signals.claimedType);
  if (type === undefined) return reject('proof_invalid', { field: 'publicSignals.2' });
  const attestersRoot = signals.attestersRoot.toString();
  if (roots?.includes(attestersRoot) === false) return reject('root_mismatch', { field: 'publicSignals.3' });
  if (contextId !== undefined && toField(contextId) !== signals.contextId)
    return reject('expectation_failed', { field: 'contextId' });
  const verifier = await open(key.value);
  try {
    if (!verifier.verify(read.value)) return reject('proof_invalid');
  } finally {
    verifier.close();
  }
  return {
    valid: true,
    entityType: type.code,
    entityTypeName: type.name,
    phoneticName: type.phonetic,
    typeCode: type.numeric,
    entityCommitment: signals.entityCommitment.toString(),
    nullifier: signals.nullifier.toString(),
    contextId: signals.contextId.toString(),
    attestersRoot,
  };
}

async function open(key: Parameters<typeof Verifier.open>[0]): Promise<Verifier> {
  try {
    return await Verifier.open(key);
  } catch (cause) {
    throw new TypeError('a point of the verification key is outside its group', { cause });
  }
}

function reject(code: ErrorCode, details?: ErrorDetails, message?: string): Rejected {
  return { valid: false, ...errorBody(refuse(code, details, message)) };
}
