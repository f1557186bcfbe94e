import type { PoolState } from '@blindpost/protocol/pool';
import { sql } from 'kysely';
import { defineQuery, type Tx } from '../../../platform/sql/command.js';
import { uuidText } from '../../../platform/sql/id.js';
import { refill } from '../rules/refill.js';
import type { Inflow } from '../rules/terms.js';
import { reserveOf } from './reserve.js';
import type { PoolSchema } from './schema.js';

/** What an operator sees of the store. The pool's balance is of now; the ledger is as it is written. */
export const poolState = defineQuery<
  PoolSchema,
  { now: number; terms: Inflow },
  Omit<PoolState, 'verifier' | 'sockets'>
>(import.meta.url, 'poolState', async (tx, { now, terms }) => {
  const rounds = await roundsOf(tx);
  const { reserve, minted } = await reserveOf(tx);
  return {
    rounds,
    pool: {
      balance_micro: refill(reserve, now, terms, minted).reserve.balance,
      cap_micro: terms.cap,
      refill_micro_per_second: terms.refillPerSecond,
    },
    locks: rounds.reduce((sum, { locks }) => sum + locks, 0),
    ledger: await ledgerOf(tx),
    outbox: await outboxOf(tx),
  };
});

async function roundsOf({ db }: Tx<PoolSchema>): Promise<PoolState['rounds']> {
  const rows = await db
    .selectFrom('pool_rounds as round')
    .innerJoin('pool_tracks as track', 'track.track', 'round.track')
    .select(['round.track', 'round.id', 'round.bits', 'round.issued_at', 'round.locks', 'track.won'])
    .where('round.status', '=', 'open')
    .orderBy('round.track')
    .execute();
  return rows.map(({ id, issued_at: issuedAt, ...round }) => ({
    ...round,
    round_id: uuidText(id),
    issued_at_ms: issuedAt,
  }));
}

/** The ledger as it is written. Adds up every account. */
export async function ledgerOf({ db }: Tx<PoolSchema>): Promise<PoolState['ledger']> {
  const { entries } = await db.selectFrom('pool_ledger').select('entries').executeTakeFirstOrThrow();
  const kinds = await db
    .selectFrom('pool_accounts')
    // PostgreSQL sums bigint to numeric.
    .select(['kind', sql<number>`cast(sum(balance) as bigint)`.as('balance')])
    .groupBy('kind')
    .execute();
  const accounts = Object.fromEntries(kinds.map(({ kind, balance }) => [kind, balance]));
  return { accounts, sum_micro: kinds.reduce((sum, { balance }) => sum + balance, 0), entries };
}

/** Codes by how far they came. */
export async function outboxOf({ db }: Tx<PoolSchema>): Promise<PoolState['outbox']> {
  const states = await db
    .selectFrom('pool_redemptions')
    .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute();
  const counts = Object.fromEntries(states.map(({ state, count }) => [state, count]));
  return { reserved: 0, issued: 0, delivered: 0, failed: 0, ...counts };
}
