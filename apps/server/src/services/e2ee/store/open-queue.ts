import { defineCommand, type Tx } from '../../../platform/sql/command.js';
import { statement } from '../../../platform/sql/statement.js';
import type { Owner } from './queue.js';
import type { E2eeSchema } from './schema.js';

/** Makes the queue of an account's device where there is none. */
export const openQueue = defineCommand<E2eeSchema, Owner, null>(
  import.meta.url,
  'openQueue',
  async (tx, inputs) => {
    for (const owner of inputs) await insertQueue(tx, owner);
    return inputs.map(() => null);
  },
);

export const insertQueue = statement((tx: Tx<E2eeSchema>, p: Owner) =>
  tx.db
    .insertInto('e2ee_queues')
    .values({
      account: p.account,
      device: p.device,
      last: 0,
      waiting: 0,
      waiting_bytes: 0,
      kept: 0,
      kept_bytes: 0,
    })
    .onConflict((conflict) => conflict.columns(['account', 'device']).doNothing()),
);
