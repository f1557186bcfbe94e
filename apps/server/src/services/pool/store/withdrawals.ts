import type { Withdrawal, WithdrawalStatus } from '@blindpost/protocol/pool';
import type { Selectable } from 'kysely';
import { defineQuery } from '../../../platform/sql/command.js';
import { uuidBytes, uuidText } from '../../../platform/sql/id.js';
import type { PoolSchema } from './schema.js';
import { utf8 } from './utf8.js';

export type WithdrawalsPage = {
  status: WithdrawalStatus | null;
  /** Goes on behind this one. */
  before: string | null;
  limit: number;
};

/** Requests to be paid out, latest first. */
export const withdrawals = defineQuery<PoolSchema, WithdrawalsPage, Withdrawal[]>(
  import.meta.url,
  'withdrawals',
  async ({ db }, { status, before, limit }) => {
    let query = db.selectFrom('pool_withdrawals').selectAll().orderBy('id', 'desc').limit(limit);
    if (status !== null) query = query.where('status', '=', status);
    if (before !== null) {
      const last = uuidBytes(before);
      if (last === null) return [];
      query = query.where('id', '<', last);
    }
    return (await query.execute()).map(toWithdrawal);
  },
);

/** A row as it goes over the wire. */
export function toWithdrawal(row: Selectable<PoolSchema['pool_withdrawals']>): Withdrawal {
  return {
    request_id: uuidText(row.id),
    amount_micro: row.amount,
    destination: utf8.decode(row.destination),
    status: row.status,
    ts_ms: row.created_at,
  };
}
