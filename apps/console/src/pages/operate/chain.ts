import { type AuditEntry, auditText } from '@blindpost/protocol/identity';

/** Where an entry stands in the trail, and its hash. */
export type Link = { sequence: number; hash: string };

/** What stands before the first entry. */
export const BEGINNING: Link = { sequence: 0, hash: '0'.repeat(64) };

/** The last entry, or the number of the first one that does not follow from what stands before it. */
export type Checked = { ok: true; last: Link } | { ok: false; sequence: number };

/**
 * Whether each entry follows from the one before it and has the hash of what it says.
 * @param before what the first one must follow from; null where that is not known
 */
export async function checkChain(entries: readonly AuditEntry[], before: Link | null): Promise<Checked> {
  let last = before;
  for (const entry of entries) {
    const follows =
      last === null || (entry.sequence === last.sequence + 1 && entry.previousHash === last.hash);
    if (!follows || (await hashOf(entry)) !== entry.hash) return { ok: false, sequence: entry.sequence };
    last = { sequence: entry.sequence, hash: entry.hash };
  }
  return { ok: true, last: last ?? BEGINNING };
}

async function hashOf(entry: AuditEntry): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(auditText(entry)));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
