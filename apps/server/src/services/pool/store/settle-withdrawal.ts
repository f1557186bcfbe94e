import type { Withdrawal } from '@blindpost/protocol/pool';
import { defineCommand } from '../../../platform/sql/command.js';
import { uuidBytes } from '../../../platform/sql/id.js';
import { transfer } from '../rules/ledger.js';
import { inLedger } from './ledger.js';
import type { PoolSchema } from './schema.js';
import { toWithdrawal } from './withdrawals.js';

export type SettleWithdrawal = { id: string; status: 'paid' | 'rejected'; now: number };
export type SettledWithdrawal =
  | { status: 'ok'; withdrawal: Withdrawal }
  | { status: 'unknown' }
  /** It was settled the other way. */
  | { status: 'conflict'; withdrawal: Withdrawal };

/** Says once what became of a withdrawal; a rejected one goes back to its miner. Said again, nothing more happens. */
export const settleWithdrawal = defineCommand<PoolSchema, SettleWithdrawal, SettledWithdrawal>(
  import.meta.url,
  'settleWithdrawal',
  inLedger(async ({ db }, ledger, { id: text, status, now }) => {
    const id = uuidBytes(text);
    if (id === null) return { status: 'unknown' };
    const row = await db.selectFrom('pool_withdrawals').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) return { status: 'unknown' };
    if (row.status === status) return { status: 'ok', withdrawal: toWithdrawal(row) };
    if (row.status !== 'pending') return { status: 'conflict', withdrawal: toWithdrawal(row) };
    await db.updateTable('pool_withdrawals').set({ status, settled_at: now }).where('id', '=', id).execute();
    if (status === 'rejected') {
      const returned = await ledger.post(transfer('rejection', row.miner, row.amount), id, now);
      if (!returned) throw new Error('a withdrawal is not in the books');
    }
    return { status: 'ok', withdrawal: toWithdrawal({ ...row, status }) };
  }),
);
