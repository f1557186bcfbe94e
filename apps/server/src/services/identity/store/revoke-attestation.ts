import { defineCommand } from '../../../platform/sql/command.js';
import { uuidText } from '../../../platform/sql/id.js';
import { appendAudit } from './audit.js';
import { lockHead, saveHead } from './head.js';
import type { IdentitySchema } from './schema.js';

/** Revokes an attestation; whether there was one that was not revoked yet. */
export const revokeAttestation = defineCommand<IdentitySchema, { id: Uint8Array; now: number }, boolean>(
  import.meta.url,
  'revokeAttestation',
  async (tx, inputs) => {
    const head = await lockHead(tx);
    const outputs: boolean[] = [];
    for (const { id, now } of inputs) {
      const revoked = await tx.db
        .updateTable('identity_attestations')
        .set({ revoked_at: now })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .returning('id')
        .executeTakeFirst();
      outputs.push(revoked !== undefined);
      if (revoked === undefined) continue;
      const deed = { at: now, event: 'attestation_revoked', subject: uuidText(id), details: {} } as const;
      await appendAudit(tx, head, deed);
    }
    await saveHead(tx, head);
    return outputs;
  },
);
