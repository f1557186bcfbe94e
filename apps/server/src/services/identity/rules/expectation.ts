import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { Expectation } from '@blindpost/protocol/identity';
import { toField } from '@blindpost/zk/context';
import { type EntityType, entityTypeByCode } from '@blindpost/zk/entity-types';

/** How far the clock of whoever made the proof may be ahead of ours. */
const SKEW_MS = 60_000;

/** What a proof says that somebody may expect. */
export type Said = { type: EntityType; contextId: bigint };

/** Null when the proof is what was expected. */
export function unmet(expect: Expectation | undefined, said: Said, now: number): Refusal | null {
  const { entityType, category, contextId, maxAgeMs } = expect ?? {};
  if (entityType !== undefined && entityTypeByCode(entityType) === undefined) {
    return refuse('invalid_type', { field: 'expect.entityType' });
  }
  if (entityType !== undefined && entityType !== said.type.code) return failed('entityType');
  if (category !== undefined && category !== said.type.category) return failed('category');
  if (contextId !== undefined && toField(contextId) !== said.contextId) return failed('contextId');
  if (maxAgeMs === undefined) return null;
  const madeAt = timeOf(said.contextId);
  if (madeAt === null) return failed('maxAgeMs', 'The context of the proof is no time.');
  const age = now - madeAt;
  // One of the future would stay young for as long as its maker likes.
  return age <= maxAgeMs && age >= -SKEW_MS ? null : failed('maxAgeMs', 'The proof is of another time.');
}

/** The time, in ms, that a context is: 10 digits of seconds or 13 of milliseconds; null when it is none. */
export function timeOf(contextId: bigint): number | null {
  const digits = contextId.toString();
  if (digits.length === 10) return Number(digits) * 1000;
  return digits.length === 13 ? Number(digits) : null;
}

function failed(member: string, message?: string): Refusal {
  return refuse('expectation_failed', { field: `expect.${member}` }, message);
}
