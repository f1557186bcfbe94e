import type { PoolOverview } from '@blindpost/protocol/overview';
import { defineQuery } from '../../../platform/sql/command.js';
import { refill } from '../rules/refill.js';
import type { Inflow } from '../rules/terms.js';
import { reserveOf } from './reserve.js';
import type { PoolSchema } from './schema.js';

type Told<Member extends keyof PoolOverview> = NonNullable<PoolOverview[Member]>;

/** What is open and what there is to pay out: a row for each track. */
export const openRounds = defineQuery<
  PoolSchema,
  { now: number; terms: Inflow },
  { rounds: Told<'rounds'>; reserve: Told<'reserve'> }
>(import.meta.url, 'openRounds', async (tx, { now, terms }) => {
  const rows = await tx.db
    .selectFrom('pool_rounds as round')
    .innerJoin('pool_tracks as track', 'track.track', 'round.track')
    .select(['round.track', 'round.bits', 'round.issued_at', 'round.locks', 'track.won'])
    .where('round.status', '=', 'open')
    .orderBy('round.track')
    .execute();
  const { reserve, minted } = await reserveOf(tx);
  return {
    rounds: rows.map(({ issued_at, ...round }) => ({ ...round, issued_at_ms: issued_at })),
    reserve: {
      balance_micro: refill(reserve, now, terms, minted).reserve.balance,
      cap_micro: terms.cap,
      refill_micro_per_second: terms.refillPerSecond,
    },
  };
});
