import type { AuditEntry } from '@blindpost/protocol/identity';
import type { Identity } from '../identity.js';
import { auditTrail } from '../store/audit.js';

/** A page of the audit trail, oldest first, and whether there is more. */
export async function audit(
  { db }: Identity,
  { after, take }: { after: number; take: number },
): Promise<{ entries: AuditEntry[]; more: boolean }> {
  const entries = await db.read(auditTrail, { after, take: take + 1 });
  return { entries: entries.slice(0, take), more: entries.length > take };
}
