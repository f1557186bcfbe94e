import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { RecordRequest } from '@blindpost/protocol/identity';
import { toField } from '@blindpost/zk/context';
import { parseNumber, SCALAR_MODULUS } from '@blindpost/zk/field';
import type { Identity } from '../identity.js';
import { readClaim } from '../rules/claim.js';
import { domainOf, nullifierKey } from '../rules/keys.js';
import type { Caller } from '../rules/names.js';
import { record as write } from '../store/record.js';
import { verify } from './verify.js';

/**
 * Records a nullifier as used: by its proof, or for whoever had that verified here lately. Anybody else could use up
 * what belongs to others.
 */
export async function record(
  identity: Identity,
  caller: Caller,
  body: RecordRequest,
): Promise<{ ok: true; nullifier: string } | Refusal> {
  const nullifier = parseNumber(body.nullifier, SCALAR_MODULUS);
  if (nullifier === undefined) {
    return refuse('invalid_request', { field: 'nullifier' }, 'nullifier must be a number of the field');
  }
  const contextId = toField(body.contextId);
  if (body.proof !== undefined || body.publicSignals !== undefined) {
    return recordByProof(identity, caller, body, { nullifier, contextId });
  }
  if (identity.room.isFull('nullifiers')) return refuse('storage_full');
  const recorded = await identity.db.write(write, {
    nullifier: nullifierKey(domainOf(body.domain), contextId, nullifier),
    permit: identity.names.permit(caller, nullifierKey('', contextId, nullifier)),
    now: identity.clock.now(),
  });
  if (recorded === 'unproven') return refuse('proof_required', { field: 'proof' });
  if (recorded === 'used') return refuse('nullifier_used', { field: 'nullifier' });
  return { ok: true, nullifier: nullifier.toString() };
}

async function recordByProof(
  identity: Identity,
  caller: Caller,
  { proof, publicSignals, domain }: RecordRequest,
  meant: { nullifier: bigint; contextId: bigint },
): Promise<{ ok: true; nullifier: string } | Refusal> {
  if (proof === undefined || publicSignals === undefined) {
    const field = proof === undefined ? 'proof' : 'publicSignals';
    return refuse('invalid_request', { field }, `${field} is required`);
  }
  const read = readClaim({ proof, publicSignals });
  if (!read.ok) return read;
  for (const field of ['nullifier', 'contextId'] as const) {
    if (read.signals[field] !== meant[field]) {
      return refuse('invalid_request', { field }, `${field} is not that of the proof`);
    }
  }
  const asked = { proof, publicSignals, consume: true, ...(domain === undefined ? {} : { domain }) };
  const verified = await verify(identity, caller, asked);
  return verified.ok ? { ok: true, nullifier: verified.answer.nullifier } : verified;
}
