import type { PoolState } from '@blindpost/protocol/pool';
import { defineQuery } from '../../../platform/sql/command.js';
import { ledgerOf, outboxOf } from './pool-state.js';
import type { PoolSchema } from './schema.js';

type Books = { ledger: PoolState['ledger']; codes: PoolState['outbox']; pending: number };

/** The ledger, codes and withdrawals that wait. Looks at every account and code. */
export const books = defineQuery<PoolSchema, null, Books>(import.meta.url, 'books', async (tx) => {
  const { pending } = await tx.db
    .selectFrom('pool_withdrawals')
    .select((eb) => eb.fn.countAll<number>().as('pending'))
    .where('status', '=', 'pending')
    .executeTakeFirstOrThrow();
  return { ledger: await ledgerOf(tx), codes: await outboxOf(tx), pending };
});
