import type { TrackName } from '@blindpost/protocol/pool';
import { defineQuery } from '../../../platform/sql/command.js';
import { uuidBytes } from '../../../platform/sql/id.js';
import type { RoundParams } from '../rules/issue.js';
import { parseParams } from './round.js';
import type { PoolSchema } from './schema.js';
import { type Won, wonBy } from './win.js';

export type Lookup = { round: string; track: TrackName; miner: Uint8Array; nonce: string };
export type LookedUp =
  | { status: 'unknown' }
  /** This very nonce of this miner won it. */
  | ({ status: 'won' } & Won)
  | { status: 'too_late' }
  /** The miner's lock points elsewhere, or the round is of another track; `field` as in the request. */
  | { status: 'mismatch'; field: 'round_id' | 'track' }
  | { status: 'open'; params: RoundParams };

/** What can be said of a submit before its proof is looked at. */
export const lookup = defineQuery<PoolSchema, Lookup, LookedUp>(
  import.meta.url,
  'lookup',
  async ({ db }, { round, track, miner, nonce }) => {
    const id = uuidBytes(round);
    if (id === null) return { status: 'unknown' };
    const row = await db
      .selectFrom('pool_rounds as round')
      .leftJoin('pool_locks as lock', (join) =>
        join.onRef('lock.round', '=', 'round.id').on('lock.miner', '=', miner),
      )
      .selectAll('round')
      .select('lock.issued_at as locked_at')
      .where('round.id', '=', id)
      .executeTakeFirst();
    if (row === undefined) return { status: 'unknown' };
    if (row.status !== 'open') {
      const won = wonBy(row, miner, nonce);
      return won === null ? { status: 'too_late' } : { status: 'won', ...won };
    }
    if (row.locked_at === null) return { status: 'mismatch', field: 'round_id' };
    if (row.track !== track) return { status: 'mismatch', field: 'track' };
    return { status: 'open', params: parseParams(row.params) };
  },
);
