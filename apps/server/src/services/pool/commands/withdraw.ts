import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { Withdraw, WithdrawAnswer } from '@blindpost/protocol/pool';
import { uuidv7 } from '../../../platform/sql/id.js';
import type { Miner } from '../miners/miner.js';
import type { Pool } from '../pool.js';
import { withdraw as debit } from '../store/withdraw.js';
import { idempotencyKey } from './idempotency.js';

/** Takes the amount off the balance at once; an operator pays it out, or rejects it and it comes back. */
export async function withdraw(
  pool: Pool,
  miner: Miner,
  { amount_micro: amount, destination }: Withdraw,
  key: string | undefined,
): Promise<{ ok: true; answer: WithdrawAnswer } | Refusal> {
  const { clock, random } = pool;
  const result = await pool.db.write(debit, {
    miner: miner.id,
    amount,
    destination,
    key: idempotencyKey('withdraw', miner, key),
    id: uuidv7(clock, random),
    now: clock.now(),
  });
  if (result.status === 'insufficient') return refuse('insufficient_balance', { field: 'amount_micro' });
  if (result.status === 'mismatch') return refuse('idempotency_mismatch', { field: 'idempotency-key' });
  return { ok: true, answer: { request_id: result.id, status: 'pending' } };
}
