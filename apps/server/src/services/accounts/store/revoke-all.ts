import { defineCommand } from '../../../platform/sql/command.js';
import { endTokens } from './ending.js';
import type { AccountsSchema } from './schema.js';

export type RevokeAll = {
  account: Uint8Array;
  /** Tokens that an outside issuer made until then are over; null = the tokens are our own. */
  until: number | null;
};

/** Ends all tokens of an account. */
export const revokeAll = defineCommand<AccountsSchema, RevokeAll, null>(
  import.meta.url,
  'revokeAll',
  async (tx, inputs) => {
    for (const { account, until } of inputs) {
      if (until !== null) {
        await endTokens(tx, account, until);
        continue;
      }
      await tx.db
        .updateTable('accounts')
        .set((eb) => ({ generation: eb('generation', '+', 1) }))
        .where('id', '=', account)
        .execute();
    }
    return inputs.map(() => null);
  },
);
