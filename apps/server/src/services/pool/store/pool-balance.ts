import { defineQuery } from '../../../platform/sql/command.js';
import { refill } from '../rules/refill.js';
import type { Inflow } from '../rules/terms.js';
import { reserveOf } from './reserve.js';
import type { PoolSchema } from './schema.js';

/** What the pool holds now, micro: what is due by now flows in with the next win. */
export const poolBalance = defineQuery<PoolSchema, { now: number; terms: Inflow }, number>(
  import.meta.url,
  'poolBalance',
  async (tx, { now, terms }) => {
    const { reserve, minted } = await reserveOf(tx);
    return refill(reserve, now, terms, minted).reserve.balance;
  },
);
