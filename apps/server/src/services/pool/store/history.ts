import { type History, MAX_HISTORY } from '@blindpost/protocol/pool';
import { defineQuery } from '../../../platform/sql/command.js';
import type { PoolSchema } from './schema.js';

/** The miner's codes, latest first. */
export const history = defineQuery<PoolSchema, { miner: Uint8Array }, History['items']>(
  import.meta.url,
  'history',
  ({ db }, { miner }) =>
    db
      .selectFrom('pool_redemptions')
      .select(['created_at as ts_ms', 'amount as amount_micro', 'quota', 'code', 'state'])
      .where('miner', '=', miner)
      .orderBy('id', 'desc')
      .limit(MAX_HISTORY)
      .execute(),
);
