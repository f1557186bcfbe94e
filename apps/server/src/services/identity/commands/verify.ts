import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { RECORD_WINDOW_MS, type Verified, type VerifyRequest } from '@blindpost/protocol/identity';
import type { Identity } from '../identity.js';
import { type ReadClaim, readClaim } from '../rules/claim.js';
import { unmet } from '../rules/expectation.js';
import { fieldBytes } from '../rules/field-bytes.js';
import { claimKey, domainOf, nullifierKey } from '../rules/keys.js';
import type { Caller } from '../rules/names.js';
import { conclude } from '../store/conclude.js';
import { askRoots } from '../store/standing.js';
import { verifyProofs } from '../verify.job.js';

export type Answered = { ok: true; answer: Verified } | Refusal;

/**
 * Judges one proof. What is cheap comes first: shape, expectations, root; then the proof itself, off the event loop;
 * last, in one transaction, all that may have changed meanwhile.
 */
export async function verify(
  identity: Identity,
  caller: Caller,
  { domain, expect, consume = false, ...claim }: VerifyRequest,
): Promise<Answered> {
  const read = readClaim(claim);
  if (!read.ok) return read;
  const { proof, signals, type } = read;
  const now = identity.clock.now();
  const disappointed = unmet(expect, { type, contextId: signals.contextId }, now);
  if (disappointed !== null) return disappointed;
  if (consume && identity.room.isFull('nullifiers')) return refuse('storage_full');

  const windowMs = identity.settings.IDENTITY_ROOT_WINDOW;
  const roots = [fieldBytes(signals.attestersRoot)];
  const standing = await identity.db.read(askRoots, { roots, now, windowMs });
  if (standing.length === 0) return refuse('root_mismatch', { field: 'publicSignals.3' });

  const verified = await identity.compute.run(verifyProofs, [proof], { lane: caller.address });
  if (!verified.ok) return refuse('unavailable', { retryAfter: verified.retryAfter });
  if (verified.value[0] !== true) return refuse('proof_invalid');
  return concluded(identity, caller, read, { domain: domainOf(domain), consume });
}

/** Holds a proof that was verified against what is on record, and records it where that was asked for. */
export async function concluded(
  { db, clock, names, settings }: Identity,
  caller: Caller,
  { signals, type }: ReadClaim,
  { domain, consume }: { domain: string; consume: boolean },
): Promise<Answered> {
  const { nullifier, entityCommitment, contextId, attestersRoot } = signals;
  const now = clock.now();
  const key = names.permit(caller, nullifierKey('', contextId, nullifier));
  const result = await db.write(conclude, {
    root: fieldBytes(attestersRoot),
    claim: claimKey(entityCommitment, type.numeric),
    nullifier: nullifierKey(domain, contextId, nullifier),
    consume,
    permit: consume ? null : { key, expiresAt: now + RECORD_WINDOW_MS },
    now,
    windowMs: settings.IDENTITY_ROOT_WINDOW,
  });
  if (result.status === 'root_mismatch') return refuse('root_mismatch', { field: 'publicSignals.3' });
  if (result.status === 'attestation_revoked') return refuse('attestation_revoked');
  if (consume && !result.recorded) return refuse('nullifier_used', { field: 'publicSignals.0' });
  const answer: Verified = {
    valid: true,
    entityType: type.code,
    entityTypeName: type.name,
    phoneticName: type.phonetic,
    typeCode: type.numeric,
    entityCommitment: entityCommitment.toString(),
    nullifier: nullifier.toString(),
    contextId: contextId.toString(),
    registryRootValid: true,
    nullifierStatus: result.used ? 'used' : 'new',
    recorded: result.recorded,
  };
  return { ok: true, answer };
}
