import type { AuditEntry } from '@blindpost/protocol/identity';
import { isoTime } from '../../../platform/iso-time.js';
import type { Identity } from '../identity.js';
import { type AuditRow, auditTrail, hex } from '../store/audit.js';

/** A page of the audit trail, oldest first, and whether there is more. */
export async function audit(
  { db }: Identity,
  { after, take }: { after: number; take: number },
): Promise<{ entries: AuditEntry[]; more: boolean }> {
  const rows = await db.read(auditTrail, { after, take: take + 1 });
  return { entries: rows.slice(0, take).map(entryOf), more: rows.length > take };
}

function entryOf(row: AuditRow): AuditEntry {
  return {
    sequence: row.number,
    at: isoTime(row.at),
    event: row.event,
    subject: row.subject,
    details: JSON.parse(row.details),
    previousHash: hex(row.previous_hash),
    hash: hex(row.hash),
  };
}
