import { defineCommand, defineQuery } from '../../../platform/sql/command.js';
import type { AccountsSchema } from './schema.js';

/** Erasures looked for at once. */
const AT_ONCE = 100;

/** Accounts deleted before `before` whose traces elsewhere may not be erased yet, oldest first. */
export const openErasures = defineQuery<AccountsSchema, { before: number }, Uint8Array[]>(
  import.meta.url,
  'openErasures',
  async ({ db }, { before }) => {
    const rows = await db
      .selectFrom('account_erasures')
      .select('account')
      .where('deleted_at', '<', before)
      .orderBy('deleted_at')
      .limit(AT_ONCE)
      .execute();
    return rows.map(({ account }) => account);
  },
);

/** Notes that everything is erased. */
export const closeErasure = defineCommand<AccountsSchema, { account: Uint8Array }, null>(
  import.meta.url,
  'closeErasure',
  async ({ db }, inputs) => {
    const accounts = inputs.map(({ account }) => account);
    await db.deleteFrom('account_erasures').where('account', 'in', accounts).execute();
    return inputs.map(() => null);
  },
);
