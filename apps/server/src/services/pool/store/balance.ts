import { defineQuery } from '../../../platform/sql/command.js';
import type { PoolSchema } from './schema.js';

/** What the miner has, and what it has taken out so far. Micro; who was never paid has and took nothing. */
export const balance = defineQuery<PoolSchema, { miner: Uint8Array }, { pending: number; withdrawn: number }>(
  import.meta.url,
  'balance',
  async ({ db }, { miner }) => {
    const account = await db
      .selectFrom('pool_accounts')
      .select(['balance as pending', 'withdrawn'])
      .where('id', '=', miner)
      .executeTakeFirst();
    return account ?? { pending: 0, withdrawn: 0 };
  },
);
