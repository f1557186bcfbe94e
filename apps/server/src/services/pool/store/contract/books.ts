import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUSE, transfer } from '../../rules/ledger.js';
import { ModelLedger } from '../../rules/ledger.model.fixture.js';
import { refill } from '../../rules/refill.js';
import { settleWithdrawal } from '../settle-withdrawal.js';
import { audit, houseBalance } from './audit.js';
import type { Bench } from './bench.js';
import { Desk, newMiner, TERMS } from './desk.js';

const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(Math.random() * items.length)];
const amountUpTo = (most: number): number => 1 + Math.floor(Math.random() * most);

export function bookRules(bench: Bench): void {
  test('the ledger sums to zero after each of 10,000 random operations', async () => {
    const desk = await Desk.open(await bench.database());
    const model = new ModelLedger();
    let reserve = refill({ balance: 0, refilledAt: null, rest: 0 }, desk.now - 100_000, TERMS).reserve;
    const miners = Array.from({ length: 5 }, newMiner);
    const pending: { id: string; miner: Uint8Array; amount: number }[] = [];

    const operations = {
      async win(miner: Uint8Array) {
        const { id } = await desk.round(miner);
        const settled = await desk.settle(miner, id);
        const inflow = refill(reserve, desk.now, TERMS);
        if (inflow.added > 0) model.post(transfer('refill', miner, inflow.added));
        assert.ok(settled.status === 'win');
        model.post(transfer('payout', miner, settled.payout));
        reserve = { ...inflow.reserve, balance: inflow.reserve.balance - settled.payout };
        assert.equal(settled.poolBalance, reserve.balance);
      },
      async withdraw(miner: Uint8Array) {
        const amount = amountUpTo(500_000);
        const answer = await desk.withdraw(miner, amount);
        assert.equal(answer.status === 'ok', model.post(transfer('withdrawal', miner, amount)));
        if (answer.status === 'ok') pending.push({ id: answer.id, miner, amount });
      },
      async redeem(miner: Uint8Array) {
        const amount = 1 + amountUpTo(500_000);
        const answer = await desk.redeem(miner, amount);
        assert.equal(answer.status === 'ok', model.post(transfer('redemption', miner, amount)));
      },
      async settle() {
        const request = pending.pop();
        if (request === undefined) return;
        const status = Math.random() < 0.5 ? 'paid' : 'rejected';
        await desk.db.write(settleWithdrawal, { id: request.id, status, now: desk.now });
        if (status === 'rejected') model.post(transfer('rejection', request.miner, request.amount));
      },
      async deliver() {
        for (const { id } of await desk.claim()) {
          await desk.record(id, pick(['delivered', 'refused', 'unknown'] as const) ?? 'unknown');
        }
      },
      async expire(miner: Uint8Array) {
        await desk.round(miner);
        await desk.expire(['CPU_HASH'], 0);
      },
    };

    for (let step = 0; step < bench.scaled(10_000); step++) {
      desk.now += amountUpTo(2_000);
      const miner = pick(miners) ?? newMiner();
      await pick(Object.values(operations))?.(miner);
      const { ledger } = await desk.state();
      assert.equal(ledger.sum_micro, 0);
      for (const account of HOUSE) assert.equal(ledger.accounts[account], model.balance(account), account);
      assert.equal(ledger.accounts.miner ?? 0, model.miners());
      assert.equal((await desk.balance(miner)).pending, model.balance(miner));
    }
    const audited = await audit(desk.db);
    assert.equal(houseBalance(audited, 'pool'), model.balance('pool'));
  });
}
