import { refuse } from '@blindpost/protocol/errors';
import {
  PoolState,
  SettleWithdrawal,
  Withdrawal,
  Withdrawals,
  WithdrawalsQuery,
} from '@blindpost/protocol/pool';
import Type from 'typebox';
import type { Admin } from '../../../platform/http/admin.js';
import type { HttpApp } from '../../../platform/http/http.js';
import type { Pool } from '../pool.js';
import { poolTerms } from '../settings.js';
import { poolState } from '../store/pool-state.js';
import { settleWithdrawal } from '../store/settle-withdrawal.js';
import { withdrawals } from '../store/withdrawals.js';
import { sendPoolRefusal } from './refusal.js';

const PAGE = 100;
const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });

/** `/admin/…`: what an operator sees and settles. */
export function mountAdmin(app: HttpApp, pool: Pool, admin: Admin): void {
  app.addHook('onRequest', async (request, reply) => {
    const refusal = await admin.authorise(request.raw);
    return refusal === null ? undefined : sendPoolRefusal(reply, refusal);
  });

  app.get('/admin/state', { schema: { response: { 200: PoolState } } }, async (_request, reply) => {
    const query = { now: pool.clock.now(), terms: poolTerms(pool.settings) };
    const state = await pool.db.read(poolState, query);
    return reply.send({ ...state, verifier: pool.compute.load(), sockets: pool.floor.load() });
  });

  app.get(
    '/admin/withdrawals',
    { schema: { querystring: WithdrawalsQuery, response: { 200: Withdrawals } } },
    async ({ query: { status, before } }, reply) => {
      const query = { status: status ?? null, before: before ?? null, limit: PAGE };
      return reply.send({ items: await pool.db.read(withdrawals, query) });
    },
  );

  app.post(
    '/admin/withdrawals/:id',
    { schema: { params: Id, body: SettleWithdrawal, response: { 200: Withdrawal } } },
    async ({ params: { id }, body: { status } }, reply) => {
      const settled = await pool.db.write(settleWithdrawal, { id, status, now: pool.clock.now() });
      if (settled.status === 'unknown') return sendPoolRefusal(reply, refuse('not_found', { field: 'id' }));
      if (settled.status === 'conflict') {
        const message = `This withdrawal is ${settled.withdrawal.status} already.`;
        return sendPoolRefusal(reply, refuse('already_settled', { field: 'status' }, message));
      }
      return reply.send(settled.withdrawal);
    },
  );
}
