import { rootOf } from '@blindpost/zk/registry';
import { defineCommand } from '../../../platform/sql/command.js';
import { fieldBytes, fieldText } from '../rules/field-bytes.js';
import { appendAudit } from './audit.js';
import { type Head, saveHead } from './head.js';
import { insertRoot } from './roots.js';
import type { IdentitySchema } from './schema.js';

const HASH_BYTES = 32;

/** Makes the empty registry where there is none yet. */
export const openRegistry = defineCommand<IdentitySchema, { now: number }, null>(
  import.meta.url,
  'openRegistry',
  async (tx, inputs) => {
    for (const { now } of inputs) {
      const head: Head = {
        root: fieldBytes(rootOf(() => undefined)),
        rootNumber: 0,
        leaves: 0,
        updatedAt: now,
        auditNumber: 0,
        auditHash: new Uint8Array(HASH_BYTES),
      };
      // Of two servers that start at once one makes it, and the other waits here until it is there.
      const made = await tx.db
        .insertInto('identity_registry')
        .values({
          id: 1,
          root: head.root,
          root_number: head.rootNumber,
          leaves: head.leaves,
          updated_at: head.updatedAt,
          audit_number: head.auditNumber,
          audit_hash: head.auditHash,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning('id')
        .executeTakeFirst();
      if (made === undefined) continue;
      await insertRoot(tx, head);
      const details = { root: fieldText(head.root) };
      await appendAudit(tx, head, { at: now, event: 'registry_created', subject: '', details });
      await saveHead(tx, head);
    }
    return inputs.map(() => null);
  },
);
