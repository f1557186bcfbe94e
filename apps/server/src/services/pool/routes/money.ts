import {
  Balance,
  History,
  IdempotencyHeaders,
  Withdraw,
  WithdrawAnswer,
  WithdrawCode,
  WithdrawCodeAnswer,
} from '@blindpost/protocol/pool';
import type { HttpApp } from '../../../platform/http/http.js';
import { redeem } from '../commands/redeem.js';
import { withdraw } from '../commands/withdraw.js';
import type { Pool } from '../pool.js';
import { balance } from '../store/balance.js';
import { history } from '../store/history.js';
import { minerOf } from './miner.js';
import { sendPoolRefusal } from './refusal.js';

/** `GET /balance`, `POST /withdraw`, `POST /withdraw_code`, `GET /withdraw_code/history`. */
export function mountMoney(app: HttpApp, pool: Pool): void {
  app.get('/balance', { schema: { response: { 200: Balance } } }, async (request, reply) => {
    const { pending, withdrawn } = await pool.db.read(balance, { miner: minerOf(request).id });
    return reply.send({ pending_balance_micro: pending, withdrawn_total_micro: withdrawn });
  });

  app.post(
    '/withdraw',
    { schema: { headers: IdempotencyHeaders, body: Withdraw, response: { 200: WithdrawAnswer } } },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const result = await withdraw(pool, minerOf(request), request.body, key);
      return result.ok ? reply.send(result.answer) : sendPoolRefusal(reply, result);
    },
  );

  app.post(
    '/withdraw_code',
    { schema: { headers: IdempotencyHeaders, body: WithdrawCode, response: { 200: WithdrawCodeAnswer } } },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const result = await redeem(pool, minerOf(request), request.body, key);
      return result.ok ? reply.send(result.answer) : sendPoolRefusal(reply, result);
    },
  );

  app.get('/withdraw_code/history', { schema: { response: { 200: History } } }, async (request, reply) => {
    const items = await pool.db.read(history, { miner: minerOf(request).id });
    return reply.send({ status: 'ok' as const, items });
  });
}
