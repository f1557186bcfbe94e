import { defineCommand } from '../../../platform/sql/command.js';
import { endTokens } from './ending.js';
import type { AccountsSchema } from './schema.js';

export type DeleteAccount = {
  account: Uint8Array;
  now: number;
  /** As for `revokeAll`. */
  until: number | null;
};

/** Deletes the account, and notes that what it left elsewhere is to be erased. */
export const deleteAccount = defineCommand<AccountsSchema, DeleteAccount, null>(
  import.meta.url,
  'deleteAccount',
  async (tx, inputs) => {
    for (const { account, now, until } of inputs) {
      const deleted = await tx.db
        .deleteFrom('accounts')
        .where('id', '=', account)
        .returning('id')
        .executeTakeFirst();
      if (until !== null) await endTokens(tx, account, until);
      if (deleted === undefined) continue;
      await tx.db
        .insertInto('account_erasures')
        .values({ account, deleted_at: now })
        .onConflict((conflict) => conflict.column('account').doNothing())
        .execute();
    }
    return inputs.map(() => null);
  },
);
