import type { Tx } from '../../../platform/sql/command.js';
import { statement } from '../../../platform/sql/statement.js';
import type { Reserve } from '../rules/refill.js';
import { accountId } from './account.js';
import type { PoolSchema } from './schema.js';

/** What the pool holds and when it was refilled, and what has ever flowed in. */
export async function reserveOf(tx: Tx<PoolSchema>): Promise<{ reserve: Reserve; minted: number }> {
  const { rows } = await found(tx, {});
  const [row] = rows;
  if (row === undefined) throw new Error('the ledger has no row');
  const { balance, refilled_at: refilledAt, rest, owed } = row;
  return { reserve: { balance, refilledAt, rest }, minted: -owed };
}

const [POOL, MINT] = [accountId('pool'), accountId('mint')];

const found = statement((tx: Tx<PoolSchema>, _: Record<string, never>) =>
  tx.db
    .selectFrom('pool_ledger')
    .innerJoin('pool_accounts as pool', (join) => join.on('pool.id', '=', POOL))
    .innerJoin('pool_accounts as mint', (join) => join.on('mint.id', '=', MINT))
    .select(['pool.balance', 'pool_ledger.refilled_at', 'pool_ledger.rest', 'mint.balance as owed']),
);
