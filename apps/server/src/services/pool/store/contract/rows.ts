import { defineQuery } from '../../../../platform/sql/command.js';
import type { PoolSchema } from '../schema.js';

export type Books = {
  [T in keyof PoolSchema as T extends `pool_${infer N}` ? N : never]: PoolSchema[T][];
};

/** Every row of the pool, at one moment. */
export const books = defineQuery<PoolSchema, null, Books>(import.meta.url, 'books', async ({ db }) => ({
  ledger: await db.selectFrom('pool_ledger').selectAll().execute(),
  accounts: await db.selectFrom('pool_accounts').selectAll().execute(),
  entries: await db.selectFrom('pool_entries').selectAll().orderBy('id').execute(),
  tracks: await db.selectFrom('pool_tracks').selectAll().execute(),
  rounds: await db.selectFrom('pool_rounds').selectAll().execute(),
  locks: await db.selectFrom('pool_locks').selectAll().execute(),
  withdrawals: await db.selectFrom('pool_withdrawals').selectAll().execute(),
  redemptions: await db.selectFrom('pool_redemptions').selectAll().execute(),
}));
