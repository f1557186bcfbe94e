import { defineCommand } from '../../../platform/sql/command.js';
import { lockRows } from '../../../platform/sql/lock-rows.js';
import type { E2eeSchema } from './schema.js';

/**
 * Erases an account: keys and sessions at once, and its queues are nobody's from here on. What lies in them is
 * deleted by {@link purge}, a part at a time.
 */
export const erase = defineCommand<E2eeSchema, { account: Uint8Array }, null>(
  import.meta.url,
  'erase',
  async (tx, inputs) => {
    for (const { account } of inputs) {
      const queues = await lockRows(
        tx,
        tx.db.selectFrom('e2ee_queues').select('id').where('account', '=', account).orderBy('id'),
      ).execute();
      for (const { id } of queues) {
        for (const table of ['e2ee_bundles', 'e2ee_prekeys', 'e2ee_claims', 'e2ee_shares'] as const) {
          await tx.db.deleteFrom(table).where('queue', '=', id).execute();
        }
        await tx.db.updateTable('e2ee_queues').set({ account: null }).where('id', '=', id).execute();
      }
      await tx.db.deleteFrom('e2ee_sessions').where('account_a', '=', account).execute();
      await tx.db.deleteFrom('e2ee_sessions').where('account_b', '=', account).execute();
    }
    return inputs.map(() => null);
  },
);

/** Deletes up to `limit` envelopes of one erased queue, and the queue when it is empty; false when there is none. */
export const purge = defineCommand<E2eeSchema, { limit: number }, boolean>(
  import.meta.url,
  'purge',
  async (tx, inputs) => {
    const answers: boolean[] = [];
    for (const { limit } of inputs) {
      const queue = await lockRows(
        tx,
        tx.db.selectFrom('e2ee_queues').select('id').where('account', 'is', null).orderBy('id').limit(1),
      ).executeTakeFirst();
      answers.push(queue !== undefined);
      if (queue === undefined) continue;
      const { numDeletedRows } = await tx.db
        .deleteFrom('e2ee_envelopes')
        .where('id', 'in', ({ selectFrom }) =>
          selectFrom('e2ee_envelopes').select('id').where('queue', '=', queue.id).limit(limit),
        )
        .executeTakeFirst();
      if (Number(numDeletedRows) < limit) {
        await tx.db.deleteFrom('e2ee_queues').where('id', '=', queue.id).execute();
      }
    }
    return answers;
  },
);
