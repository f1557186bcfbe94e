import type { Tx } from '../../../platform/sql/command.js';
import type { AccountsSchema } from './schema.js';

/** Ends all tokens that an outside issuer made for the account until then; never takes an ending back. */
export async function endTokens(
  { db }: Tx<AccountsSchema>,
  account: Uint8Array,
  revokedAt: number,
): Promise<void> {
  await db
    .insertInto('account_endings')
    .values({ account, revoked_at: revokedAt })
    .onConflict((conflict) =>
      conflict
        .column('account')
        .doUpdateSet((eb) => ({ revoked_at: eb.ref('excluded.revoked_at') }))
        .whereRef('account_endings.revoked_at', '<', 'excluded.revoked_at'),
    )
    .execute();
}
