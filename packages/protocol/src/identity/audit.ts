import Type, { type Static } from 'typebox';
import { MAX_PAGE } from './limits.js';
import { page, Time } from './primitives.js';

const Digest = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, hex.' });

export const AuditEvent = Type.Union([
  Type.Literal('registry_created'),
  Type.Literal('attester_added'),
  Type.Literal('attester_revoked'),
  Type.Literal('attestation_created'),
  Type.Literal('attestation_revoked'),
]);
export type AuditEvent = Static<typeof AuditEvent>;

/** One thing that was done. Each entry is bound to the one before it. */
export const AuditEntry = Type.Object({
  sequence: Type.Integer({ minimum: 1 }),
  at: Time,
  event: AuditEvent,
  /** Id of the attester or attestation; the registry itself has none. */
  subject: Type.String(),
  details: Type.Record(Type.String(), Type.Union([Type.String(), Type.Integer()])),
  /** 64 zeros for the first one. */
  previousHash: Digest,
  /** Over {@link auditText}. */
  hash: Digest,
});
export type AuditEntry = Static<typeof AuditEntry>;

/** `GET /api/v1/admin/audit`: oldest first; `X-Has-More: true` when there are more behind the last one. */
export const AuditQuery = Type.Object(page('sequence', MAX_PAGE));
export const AuditTrail = Type.Object({ entries: Type.Array(AuditEntry) });
export type AuditTrail = Static<typeof AuditTrail>;

/** What an entry's hash is over, in UTF-8: JSON without white space, members in the order of their names (RFC 8785). */
export function auditText(entry: Omit<AuditEntry, 'hash'>): string {
  const { previousHash, sequence, at, event, subject } = entry;
  const details = Object.fromEntries(Object.entries(entry.details).sort(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify([previousHash, sequence, at, event, subject, details]);
}
