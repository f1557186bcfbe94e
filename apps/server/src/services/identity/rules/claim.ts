import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { Claim } from '@blindpost/protocol/identity';
import { type EntityType, entityTypeByNumber } from '@blindpost/zk/entity-types';
import { type EntitySignals, entitySignals, type Proof, readProof, SIGNAL_COUNT } from '@blindpost/zk/proof';

/** A proof that could be read, with what it claims. */
export type ReadClaim = { ok: true; proof: Proof; signals: EntitySignals; type: EntityType };

/** The points as a whole, whose coordinates could be read: nothing but the curve is left to object to. */
const POINT = /^proof\.pi_[abc]$/;

/**
 * Reads numbers into the one form in which they are compared and kept. What is no number is the sender's mistake;
 * points beside the curve and types that there are not make a proof that does not hold.
 */
export function readClaim({ proof: given, publicSignals }: Claim): ReadClaim | Refusal {
  const read = readProof(given, publicSignals, SIGNAL_COUNT);
  if (!read.ok) {
    const { field, message } = read;
    if (POINT.test(field)) return refuse('proof_invalid', { field }, `${field} ${message}`);
    return refuse('invalid_request', { field }, `${field} ${message}`);
  }
  const signals = entitySignals(read.value.signals);
  const type = entityTypeByNumber(signals.claimedType);
  if (type === undefined) return refuse('proof_invalid', { field: 'publicSignals.2' });
  return { ok: true, proof: read.value, signals, type };
}
