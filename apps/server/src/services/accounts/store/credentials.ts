import { defineQuery } from '../../../platform/sql/command.js';
import type { AccountsSchema } from './schema.js';

export type Credentials = { publicKey: Uint8Array; generation: number };

/** What a login is held against; null when nobody logs in to this account by a key. */
export const credentials = defineQuery<AccountsSchema, { account: Uint8Array }, Credentials | null>(
  import.meta.url,
  'credentials',
  async ({ db }, { account }) => {
    const row = await db
      .selectFrom('accounts')
      .select(['public_key as publicKey', 'generation'])
      .where('id', '=', account)
      .executeTakeFirst();
    if (row === undefined || row.publicKey === null) return null;
    return { publicKey: row.publicKey, generation: row.generation };
  },
);
