import { defineCommand } from '../../../platform/sql/command.js';
import type { AccountsSchema } from './schema.js';

export type RevokeToken = {
  token: Uint8Array;
  /** When the token ends by itself. */
  expiresAt: number;
};

/** Ends one token. */
export const revokeToken = defineCommand<AccountsSchema, RevokeToken, null>(
  import.meta.url,
  'revokeToken',
  async ({ db }, inputs) => {
    await db
      .insertInto('account_revocations')
      .values(inputs.map(({ token, expiresAt }) => ({ token, expires_at: expiresAt })))
      .onConflict((conflict) => conflict.column('token').doNothing())
      .execute();
    return inputs.map(() => null);
  },
);
