import { setLeaf, ZERO_LEAF } from '@blindpost/zk/registry';
import { defineCommand, type Tx } from '../../../platform/sql/command.js';
import { fieldText } from '../rules/field-bytes.js';
import { appendAudit } from './audit.js';
import { type Head, lockHead, saveHead } from './head.js';
import { readSiblings } from './nodes.js';
import { advanceRoot, endRoots } from './roots.js';
import type { IdentitySchema } from './schema.js';

export type RevokeAttester = { id: string; now: number };
export type AttesterRevoked = { status: 'ok'; root: Uint8Array } | { status: 'unknown' };

/** Empties an attester's leaf and ends, at once, every root that it was under. */
export const revokeAttester = defineCommand<IdentitySchema, RevokeAttester, AttesterRevoked>(
  import.meta.url,
  'revokeAttester',
  async (tx, inputs) => {
    const head = await lockHead(tx);
    const outputs: AttesterRevoked[] = [];
    for (const input of inputs) outputs.push(await revoke(tx, head, input));
    await saveHead(tx, head);
    return outputs;
  },
);

async function revoke(
  tx: Tx<IdentitySchema>,
  head: Head,
  { id, now }: RevokeAttester,
): Promise<AttesterRevoked> {
  const revoked = await tx.db
    .updateTable('identity_attesters')
    // Whoever cannot sign any more needs no key.
    .set({ revoked_at: now, sealed_key: null })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning(['place', 'since_root'])
    .executeTakeFirst();
  if (revoked === undefined) return { status: 'unknown' };
  const { place } = revoked;
  // Before the next root comes, which is not under the leaf any more.
  await endRoots(tx, revoked.since_root, now);
  await advanceRoot(tx, head, setLeaf(await readSiblings(tx, place), place, ZERO_LEAF), now);
  const details = { index: place, root: fieldText(head.root) };
  await appendAudit(tx, head, { at: now, event: 'attester_revoked', subject: id, details });
  return { status: 'ok', root: head.root };
}
