import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { History, WithdrawCodeAnswer } from '@blindpost/protocol/pool';
import type { PoolWire } from '@blindpost/testbed/wire-pool';
import { assertOk } from '../relay/answers.js';
import { assertBalance, assertRefused } from './answers.js';
import { onEveryDatabase } from './stage.js';
import { win } from './work.js';

/** A code's worth at the default of 500,000 per unit. */
const quotaOf = (amount: number) => Math.floor(amount / 2);
const keyed = (key: string) => ({ 'idempotency-key': key });

async function historyOf(miner: PoolWire): Promise<History['items']> {
  return assertOk(await miner.get('/withdraw_code/history'), History).items;
}

await onEveryDatabase('withdraw_code', (stage) => {
  test('without an amount, the whole balance becomes a code', async () => {
    const { miner, held } = await stage.winner();
    const code = assertOk(await miner.post('/withdraw_code', {}), WithdrawCodeAnswer);
    assert.equal(code.status, 'ok');
    assert.equal(code.amount_micro, held);
    assert.equal(code.quota, quotaOf(held));
    await assertBalance(miner, 0, held);
    assertRefused(await miner.post('/withdraw_code', {}), 409, 'insufficient_balance');
    await stage.assertBooksBalance();
  });

  test('an amount becomes a code of its quota, rounded down; codes are never the same', async () => {
    const { miner, held } = await stage.winner();
    const codes = new Set<string>();
    let taken = 0;
    for (const amount_micro of [2, 3, 999, 1_000_001]) {
      const answer = await miner.post('/withdraw_code', { amount_micro });
      const { status, code, quota } = assertOk(answer, WithdrawCodeAnswer);
      assert.deepEqual([status, quota], ['ok', quotaOf(amount_micro)]);
      codes.add(code);
      taken += amount_micro;
      await assertBalance(miner, held - taken);
    }
    assert.equal(codes.size, 4);
  });

  test('an amount too small to carry quota is refused and not taken', async () => {
    const { miner, held } = await stage.winner();
    const answer = await miner.post('/withdraw_code', { amount_micro: 1 });
    assertRefused(answer, 400, 'invalid_request', 'amount_micro');
    await assertBalance(miner, held);
    assert.deepEqual(await historyOf(miner), []);
  });

  test('over the balance is refused', async () => {
    const { miner, held } = await stage.winner();
    for (const amount_micro of [held + 1, Number.MAX_SAFE_INTEGER]) {
      assertRefused(await miner.post('/withdraw_code', { amount_micro }), 409, 'insufficient_balance');
    }
    const stranger = stage.miner();
    assertRefused(await stranger.post('/withdraw_code', {}), 409, 'insufficient_balance');
    await assertBalance(miner, held, 0);
  });

  test('amounts are whole numbers from 1 to 2^53 − 1', async () => {
    const { miner, held } = await stage.winner();
    for (const amount of [
      '0',
      '-1',
      '0.5',
      '1e300',
      '9007199254740992',
      '"2"',
      'true',
      'null',
      '[2]',
      '{}',
    ]) {
      const answer = await miner.post('/withdraw_code', `{"amount_micro":${amount}}`);
      assertRefused(answer, 400, 'invalid_request', 'amount_micro');
    }
    // A mistyped name must not take everything.
    for (const name of ['amount', 'amountMicro', 'AMOUNT_MICRO']) {
      const answer = await miner.post('/withdraw_code', { [name]: 5 });
      assertRefused(answer, 400, 'invalid_request', name);
    }
    for (const body of ['[]', '""', '1', 'true', 'null']) {
      assertRefused(await miner.post('/withdraw_code', body), 400, 'invalid_request', 'body');
    }
    await assertBalance(miner, held);
  });

  test('20 parallel requests for the whole balance give one code', async () => {
    const { miner } = await stage.winner();
    const answers = await Promise.all(Array.from({ length: 20 }, () => miner.post('/withdraw_code', {})));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1, answers.join('\n'));
    assert.equal((await historyOf(miner)).length, 1);
    await assertBalance(miner, 0);
  });

  test("history tells a miner's codes, latest first, delivered, and nobody else's", async () => {
    const { miner } = await stage.winner();
    const other = await stage.winner();
    assert.deepEqual(await historyOf(miner), []);
    const codes: string[] = [];
    const before = Date.now();
    for (const amount_micro of [10, 20, 30]) {
      codes.unshift(assertOk(await miner.post('/withdraw_code', { amount_micro }), WithdrawCodeAnswer).code);
    }
    await other.miner.post('/withdraw_code', {});
    const items = await historyOf(miner);
    assert.deepEqual(
      items.map(({ code, amount_micro, quota, state }) => [code, amount_micro, quota, state]),
      codes.map((code, n) => [code, 30 - 10 * n, 15 - 5 * n, 'delivered']),
    );
    for (const { ts_ms } of items) assert.ok(ts_ms >= before && ts_ms <= Date.now());
  });

  test('the same key again is the same code, taken once, also in parallel and after a kill', async () => {
    const { miner, held } = await stage.winner();
    const key = keyed(randomUUID());
    const ask = (who: PoolWire) => who.post('/withdraw_code', { amount_micro: 100 }, key);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(miner)));
    const [first] = answers;
    assert.ok(first !== undefined);
    for (const each of answers) {
      const { status: _, ...code } = assertOk(each, WithdrawCodeAnswer);
      assert.deepEqual({ ...code, status: 'ok' }, first.json);
    }
    await assertBalance(miner, held - 100);
    await stage.restart('kill');
    const again = stage.again(miner);
    assert.deepEqual((await ask(again)).json, first.json);
    assert.equal((await historyOf(again)).length, 1);
    await assertBalance(again, held - 100);
  });

  test('a replay of the whole balance is answered, though nothing is left', async () => {
    const { miner } = await stage.winner();
    const key = keyed(randomUUID());
    const first = await miner.post('/withdraw_code', {}, key);
    assertOk(first, WithdrawCodeAnswer);
    assert.deepEqual((await miner.post('/withdraw_code', {}, key)).json, first.json);
    // Earned meanwhile: still the first code, and the new balance stays.
    const { payout } = await win(miner);
    assert.deepEqual((await miner.post('/withdraw_code', {}, key)).json, first.json);
    await assertBalance(miner, payout);
  });

  test('the same key for another amount is refused; a key has 1 to 128 characters', async () => {
    const { miner, held } = await stage.winner();
    const key = keyed(randomUUID());
    assertOk(await miner.post('/withdraw_code', { amount_micro: 100 }, key), WithdrawCodeAnswer);
    for (const body of [{ amount_micro: 101 }, {}]) {
      assertRefused(await miner.post('/withdraw_code', body, key), 422, 'idempotency_mismatch');
    }
    for (const long of ['', 'k'.repeat(129)]) {
      const answer = await miner.post('/withdraw_code', { amount_micro: 2 }, keyed(long));
      assertRefused(answer, 400, 'invalid_request', 'idempotency-key');
    }
    await assertBalance(miner, held - 100);
  });
});

await onEveryDatabase(
  'quota',
  (stage) => {
    test('is exact where amount × quota per unit is beyond 2^53', async () => {
      const { miner, held } = await stage.winner();
      const { quota } = assertOk(await miner.post('/withdraw_code', {}), WithdrawCodeAnswer);
      assert.equal(BigInt(quota), (BigInt(held) * 999_999_937n) / 1_000_000n);
    });
  },
  { env: { POOL_QUOTA_PER_UNIT: '999999937' }, databases: ['sqlite'] },
);
