import { defineCommand, type Tx } from '../../../platform/sql/command.js';
import { isEnded } from '../rules/standing.js';
import type { AccountsSchema } from './schema.js';

export type Admit = { account: Uint8Array; issuedAt: number; now: number };
/** `erasing`: what an earlier account of this id left is still being erased. */
export type Admitted = 'admitted' | 'ended' | 'erasing';

/** Makes the account that an outside issuer's token speaks for. */
export const admit = defineCommand<AccountsSchema, Admit, Admitted>(
  import.meta.url,
  'admit',
  async (tx, inputs) => {
    const outputs: Admitted[] = [];
    for (const input of inputs) outputs.push(await admitOne(tx, input));
    return outputs;
  },
);

async function admitOne({ db }: Tx<AccountsSchema>, { account, issuedAt, now }: Admit): Promise<Admitted> {
  // First: it waits for a deletion under way elsewhere, whose traces are looked for then.
  const made = await db
    .insertInto('accounts')
    .values({ id: account, public_key: null, generation: 0, created_at: now })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (made === undefined) return 'admitted';
  const ending = await db
    .selectFrom('account_endings')
    .select('revoked_at')
    .where('account', '=', account)
    .executeTakeFirst();
  const erasure = await db
    .selectFrom('account_erasures')
    .select('account')
    .where('account', '=', account)
    .executeTakeFirst();
  const ended = isEnded(issuedAt, ending?.revoked_at ?? null);
  if (!ended && erasure === undefined) return 'admitted';
  await db.deleteFrom('accounts').where('id', '=', account).execute();
  return ended ? 'ended' : 'erasing';
}
