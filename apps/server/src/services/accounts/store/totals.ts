import { defineQuery, type Tx } from '../../../platform/sql/command.js';
import type { AccountsSchema } from './schema.js';

/** How many accounts there are, and how many are still to be erased elsewhere. Looks at every account. */
export const totals = defineQuery<AccountsSchema, null, { accounts: number; erasures: number }>(
  import.meta.url,
  'totals',
  async (tx) => ({
    accounts: await rowsOf(tx, 'accounts'),
    erasures: await rowsOf(tx, 'account_erasures'),
  }),
);

async function rowsOf({ db }: Tx<AccountsSchema>, table: 'accounts' | 'account_erasures'): Promise<number> {
  const { rows } = await db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow();
  return rows;
}
