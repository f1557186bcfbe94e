import { createHash } from 'node:crypto';
import { type AuditEntry, type AuditEvent, auditText } from '@blindpost/protocol/identity';
import { isoTime } from '../../../platform/iso-time.js';
import { defineQuery, type Tx } from '../../../platform/sql/command.js';
import type { Head } from './head.js';
import type { IdentitySchema } from './schema.js';

/** What is told of one thing that was done. */
export type Deed = {
  at: number;
  event: AuditEvent;
  /** Id of the attester or attestation. */
  subject: string;
  details: AuditEntry['details'];
};

/** Appends to the trail and moves the head on; the caller holds its lock and saves it. */
export async function appendAudit({ db }: Tx<IdentitySchema>, head: Head, deed: Deed): Promise<void> {
  const sequence = head.auditNumber + 1;
  const entry = { ...deed, sequence, at: isoTime(deed.at), previousHash: hex(head.auditHash) };
  const hash = Uint8Array.from(createHash('sha256').update(auditText(entry)).digest());
  await db
    .insertInto('identity_audit')
    .values({
      number: sequence,
      at: deed.at,
      event: deed.event,
      subject: deed.subject,
      details: JSON.stringify(deed.details),
      previous_hash: head.auditHash,
      hash,
    })
    .execute();
  head.auditNumber = sequence;
  head.auditHash = hash;
}

/** Entries after one, oldest first. */
export const auditTrail = defineQuery<IdentitySchema, { after: number; take: number }, AuditEntry[]>(
  import.meta.url,
  'auditTrail',
  async ({ db }, { after, take }) => {
    const rows = await db
      .selectFrom('identity_audit')
      .selectAll()
      .where('number', '>', after)
      .orderBy('number')
      .limit(take)
      .execute();
    return rows.map(entryOf);
  },
);

function entryOf(row: IdentitySchema['identity_audit']): AuditEntry {
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

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
