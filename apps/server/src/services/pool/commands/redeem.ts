import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { RedemptionState, WithdrawCode, WithdrawCodeAnswer } from '@blindpost/protocol/pool';
import { uuidv7 } from '../../../platform/sql/id.js';
import type { Miner } from '../miners/miner.js';
import type { Pool } from '../pool.js';
import { redeem as reserve } from '../store/redeem.js';
import { idempotencyKey } from './idempotency.js';

const CODE_BYTES = 16;

/**
 * Turns balance into a code. Debit and code are on disk before the gateway hears of it, so that whatever becomes
 * of that call, the code is the miner's and reaches the gateway in the end.
 */
export async function redeem(
  pool: Pool,
  miner: Miner,
  { amount_micro: amount }: WithdrawCode,
  key: string | undefined,
): Promise<{ ok: true; answer: WithdrawCodeAnswer } | Refusal> {
  const { clock, random } = pool;
  const result = await pool.db.write(reserve, {
    miner: miner.id,
    amount: amount ?? null,
    quotaPerUnit: pool.settings.POOL_QUOTA_PER_UNIT,
    code: random.hex(CODE_BYTES),
    key: idempotencyKey('withdraw_code', miner, key),
    id: uuidv7(clock, random),
    now: clock.now(),
  });
  if (result.status === 'insufficient') return refuse('insufficient_balance', { field: 'amount_micro' });
  if (result.status === 'no_quota') {
    const message = 'amount_micro is too small to carry any quota.';
    return refuse('invalid_request', { field: 'amount_micro' }, message);
  }
  if (result.status === 'mismatch') return refuse('idempotency_mismatch', { field: 'idempotency-key' });
  const { id, code, quota, amount: taken } = result;
  const state: RedemptionState = result.state === 'delivered' ? 'delivered' : await pool.courier.deliver(id);
  const common = { code, quota, amount_micro: taken };
  if (state === 'delivered') return { ok: true, answer: { status: 'ok', ...common } };
  return { ok: true, answer: { status: 'error', reason: 'redeem_mysql_insert_failed', ...common } };
}
