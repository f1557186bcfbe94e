import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settleWithdrawal } from '../settle-withdrawal.js';
import { withdrawals } from '../withdrawals.js';
import { audit, hex, houseBalance } from './audit.js';
import type { Bench } from './bench.js';
import { Desk, FULL_PAYOUT, newCode, newKey, newMiner, strangeRound } from './desk.js';

export function moneyRules(bench: Bench): void {
  const open = async () => Desk.open(await bench.database());
  /** A desk, and a miner that has won once. */
  const paid = async () => {
    const [desk, miner] = [await open(), newMiner()];
    await desk.pay(miner);
    return { desk, miner };
  };

  test('100 parallel withdrawals of the whole balance pay once', async () => {
    const { desk, miner } = await paid();
    const answers = await Promise.all(Array.from({ length: 100 }, () => desk.withdraw(miner, FULL_PAYOUT)));
    assert.equal(answers.filter(({ status }) => status === 'ok').length, 1);
    assert.equal(answers.filter(({ status }) => status === 'insufficient').length, 99);
    assert.deepEqual(await desk.balance(miner), { pending: 0, withdrawn: FULL_PAYOUT });
    assert.equal(houseBalance(await audit(desk.db), 'paid_out'), FULL_PAYOUT);
  });

  test('parallel withdrawals and redemptions never overdraw', async () => {
    const { desk, miner } = await paid();
    const amounts = Array.from(
      { length: bench.scaled(2_000) },
      () => 1 + Math.floor(Math.random() * 1_000_000),
    );
    const taken = await Promise.all(
      amounts.map(async (amount, index) => {
        const how = index % 2 === 0 ? desk.withdraw(miner, amount) : desk.redeem(miner, amount);
        return (await how).status === 'ok' ? amount : 0;
      }),
    );
    const total = taken.reduce((sum, amount) => sum + amount, 0);
    assert.ok(total <= FULL_PAYOUT);
    assert.deepEqual(await desk.balance(miner), { pending: FULL_PAYOUT - total, withdrawn: total });
    await audit(desk.db);
  });

  test('a repeated withdrawal is answered as the first and taken once, even when nothing is left', async () => {
    const { desk, miner } = await paid();
    const key = newKey();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => desk.withdraw(miner, FULL_PAYOUT, { key })),
    );
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    assert.equal(answers[0]?.status, 'ok');
    assert.deepEqual(await desk.withdraw(miner, 1, { key }), { status: 'mismatch' });
    const elsewhere = await desk.withdraw(miner, FULL_PAYOUT, { key, destination: 'elsewhere' });
    assert.deepEqual(elsewhere, { status: 'mismatch' });
    assert.deepEqual(await desk.withdraw(miner, 1, { key: newKey() }), { status: 'insufficient' });
    await audit(desk.db);
  });

  test('a repeated redemption is answered with the first code and taken once', async () => {
    const { desk, miner } = await paid();
    const [key, whole] = [newKey(), newKey()];
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => desk.redeem(miner, 1_000_000, { key })),
    );
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    assert.deepEqual(await desk.redeem(miner, null, { key }), { status: 'mismatch' });
    assert.equal((await desk.balance(miner)).pending, FULL_PAYOUT - 1_000_000);

    const first = await desk.redeem(miner, null, { key: whole });
    assert.ok(first.status === 'ok');
    assert.equal(first.amount, FULL_PAYOUT - 1_000_000);
    assert.deepEqual(await desk.redeem(miner, null, { key: whole }), first);
    assert.deepEqual(await desk.redeem(miner, first.amount, { key: whole }), { status: 'mismatch' });
    assert.equal(houseBalance(await audit(desk.db), 'redeemed'), FULL_PAYOUT);
  });

  test('what no code can carry and what is not there is not redeemed', async () => {
    const { desk, miner } = await paid();
    assert.deepEqual(await desk.redeem(miner, 1), { status: 'no_quota' });
    assert.deepEqual(await desk.redeem(newMiner(), 1), { status: 'no_quota' });
    assert.deepEqual(await desk.redeem(newMiner(), null), { status: 'insufficient' });
    assert.deepEqual(await desk.redeem(miner, FULL_PAYOUT + 1), { status: 'insufficient' });
    await desk.withdraw(miner, FULL_PAYOUT - 1);
    assert.deepEqual(await desk.redeem(miner, null), { status: 'no_quota' });
    assert.deepEqual(await desk.balance(miner), { pending: 1, withdrawn: FULL_PAYOUT - 1 });
    assert.equal((await audit(desk.db)).redemptions.length, 0);
  });

  test('a code that is taken is refused alone, and its miner keeps the money', async () => {
    const { desk, miner } = await paid();
    const code = newCode();
    const results = await Promise.allSettled([
      desk.redeem(miner, 1_000, { code }),
      desk.redeem(miner, 2_000, { code }),
      desk.redeem(miner, 4_000),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.equal((await desk.balance(miner)).withdrawn, 5_000);
    await audit(desk.db);
  });

  test('a rejected withdrawal is credited back once', async () => {
    const { desk, miner } = await paid();
    const request = await desk.withdraw(miner, 3_000_000);
    assert.ok(request.status === 'ok');
    const settle = (status: 'paid' | 'rejected') =>
      desk.db.write(settleWithdrawal, { id: request.id, status, now: desk.now });
    const answers = await Promise.all(Array.from({ length: 20 }, () => settle('rejected')));
    for (const answer of answers) {
      assert.ok(answer.status === 'ok');
      assert.equal(answer.withdrawal.status, 'rejected');
      assert.equal(answer.withdrawal.amount_micro, 3_000_000);
    }
    assert.deepEqual(await desk.balance(miner), { pending: FULL_PAYOUT, withdrawn: 0 });
    const other = await settle('paid');
    assert.ok(other.status === 'conflict');
    assert.equal(other.withdrawal.status, 'rejected');
    await audit(desk.db);
  });

  test('a paid withdrawal stays paid; one that never was is unknown', async () => {
    const { desk, miner } = await paid();
    const request = await desk.withdraw(miner, 3_000_000);
    assert.ok(request.status === 'ok');
    const settle = (id: string, status: 'paid' | 'rejected') =>
      desk.db.write(settleWithdrawal, { id, status, now: desk.now });
    for (const _ of [1, 2]) assert.equal((await settle(request.id, 'paid')).status, 'ok');
    assert.equal((await settle(request.id, 'rejected')).status, 'conflict');
    for (const id of ['x', strangeRound()]) assert.deepEqual(await settle(id, 'paid'), { status: 'unknown' });
    assert.deepEqual(await desk.balance(miner), { pending: 7_000_000, withdrawn: 3_000_000 });
    await audit(desk.db);
  });

  test('withdrawals are listed latest first, by status and page by page', async () => {
    const { desk, miner } = await paid();
    const ids: string[] = [];
    for (const destination of ['a', '\0', '💡', "'; --", 'e']) {
      desk.now += 1;
      const request = await desk.withdraw(miner, 1_000, { destination });
      if (request.status === 'ok') ids.unshift(request.id);
    }
    await desk.db.write(settleWithdrawal, { id: ids[1] ?? '', status: 'paid', now: desk.now });
    const list = (how: { status?: 'paid' | 'pending'; before?: string; limit?: number }) =>
      desk.db.read(withdrawals, { status: null, before: null, limit: 10, ...how });
    const all = await list({});
    assert.deepEqual(
      all.map(({ request_id }) => request_id),
      ids,
    );
    assert.deepEqual(
      all.map(({ destination }) => destination),
      ['e', "'; --", '💡', '\0', 'a'],
    );
    const [page, rest] = [await list({ limit: 2 }), await list({ before: ids[1] ?? '' })];
    assert.deepEqual([...page, ...rest], all);
    assert.deepEqual(await list({ status: 'paid' }), [all[1]]);
    assert.equal((await list({ status: 'pending' })).length, 4);
    assert.deepEqual(await list({ before: 'nonsense' }), []);
  });

  test('one who was never paid has no row', async () => {
    const { desk } = await paid();
    const stranger = newMiner();
    await desk.round(stranger);
    await desk.withdraw(stranger, 1);
    await desk.redeem(stranger, null);
    assert.deepEqual(await desk.balance(stranger), { pending: 0, withdrawn: 0 });
    const { accounts } = await audit(desk.db);
    assert.ok(!accounts.some(({ id }) => hex(id) === hex(stranger)));
  });
}
