import type { RedemptionState } from '@blindpost/protocol/pool';
import { defineCommand } from '../../../platform/sql/command.js';
import { backoff } from '../rules/backoff.js';
import { inLedger } from './ledger.js';
import type { PoolSchema } from './schema.js';

export type RecordDelivery = {
  id: Uint8Array;
  /** What the gateway said; `unknown` = nothing that can be relied on. */
  outcome: 'delivered' | 'refused' | 'unknown';
  now: number;
};

/**
 * Writes down what became of a try. What is not delivered is due again after a while, with the same code; what is
 * delivered stays so, whatever an older try reports later.
 */
export const recordDelivery = defineCommand<PoolSchema, RecordDelivery, { state: RedemptionState }>(
  import.meta.url,
  'recordDelivery',
  inLedger(async ({ db }, _ledger, { id, outcome, now }) => {
    const { state, attempts } = await db
      .selectFrom('pool_redemptions')
      .select(['state', 'attempts'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    if (state === 'delivered') return { state };
    const next = {
      delivered: { state: 'delivered' as const, next_try_at: null },
      refused: { state: 'failed' as const, next_try_at: now + backoff(attempts) },
      unknown: { state: 'issued' as const, next_try_at: now + backoff(attempts) },
    }[outcome];
    await db.updateTable('pool_redemptions').set(next).where('id', '=', id).execute();
    return { state: next.state };
  }),
);
