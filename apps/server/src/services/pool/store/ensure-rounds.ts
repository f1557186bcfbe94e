import { defineCommand } from '../../../platform/sql/command.js';
import type { Terms } from '../rules/terms.js';
import { inLedger } from './ledger.js';
import { type NewRound, openMissing } from './round.js';
import type { PoolSchema } from './schema.js';

/** One entry of `tracks` per wanted track. */
export type EnsureRounds = { tracks: readonly NewRound[]; now: number; terms: Terms };

/** Opens the rounds that are missing and starts the pool's refill; two servers at once open one of each. */
export const ensureRounds = defineCommand<PoolSchema, EnsureRounds, null>(
  import.meta.url,
  'ensureRounds',
  inLedger(async (tx, ledger, { tracks, now, terms }) => {
    await ledger.refill(now, terms);
    await openMissing(tx, tracks, now);
    return null;
  }),
);
