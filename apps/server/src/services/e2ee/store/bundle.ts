import { defineQuery } from '../../../platform/sql/command.js';
import type { Owner } from './queue.js';
import type { BundlesTable, E2eeSchema } from './schema.js';

/** The bundle of an account's device, null when it has none. */
export const bundle = defineQuery<E2eeSchema, Owner, BundlesTable | null>(
  import.meta.url,
  'bundle',
  async ({ db }, { account, device }) => {
    const row = await db
      .selectFrom('e2ee_bundles as bundle')
      .innerJoin('e2ee_queues as queue', 'queue.id', 'bundle.queue')
      .selectAll('bundle')
      .where('queue.account', '=', account)
      .where('queue.device', '=', device)
      .executeTakeFirst();
    return row ?? null;
  },
);
