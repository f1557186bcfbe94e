import type { TrackName } from '@blindpost/protocol/pool';
import { defineCommand } from '../../../platform/sql/command.js';
import { uuidText } from '../../../platform/sql/id.js';
import type { Terms } from '../rules/terms.js';
import { inLedger } from './ledger.js';
import { endRound, type NewRound, openMissing } from './round.js';
import type { PoolSchema } from './schema.js';

export type ExpireRounds = {
  olderThanMs: number;
  /** One per wanted track: what its next round is opened with. */
  tracks: readonly NewRound[];
  now: number;
  terms: Terms;
};
export type ExpiredRound = { track: TrackName; id: string };

/**
 * Ends the rounds that miners have worked on for so long in vain and replaces them with easier ones. Nobody loses
 * by it: a search has no progress. A round that nobody ever held stays: it says nothing about its bits, which
 * would otherwise be at their least for whoever comes first in the morning.
 */
export const expireRounds = defineCommand<PoolSchema, ExpireRounds, ExpiredRound[]>(
  import.meta.url,
  'expireRounds',
  inLedger(async (tx, _ledger, { olderThanMs, tracks, now, terms }) => {
    const stale = await tx.db
      .updateTable('pool_rounds')
      .set({ status: 'expired', closed_at: now })
      .where('status', '=', 'open')
      .where('held_since', '<=', now - olderThanMs)
      .returning(['id', 'track', 'bits', 'held_since'])
      .execute();
    for (const { held_since, ...round } of stale) {
      const workedMs = now - (held_since ?? now);
      await endRound(tx, round, { solved: false, workedMs }, terms.targetMs);
    }
    await openMissing(tx, tracks, now);
    return stale.map(({ track, id }) => ({ track, id: uuidText(id) }));
  }),
);
