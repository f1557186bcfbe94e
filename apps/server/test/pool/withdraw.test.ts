import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { WithdrawAnswer } from '@blindpost/protocol/pool';
import { assertOk } from '../relay/answers.js';
import { assertBalance, assertRefused } from './answers.js';
import { onEveryDatabase } from './stage.js';

/** Whatever is no whole number from 1 to 2^53 − 1. The texts are JSON as they go out. */
const NO_AMOUNTS = [
  '0',
  '-1',
  '-0',
  '0.5',
  '1.5',
  '1e-7',
  '1e300',
  '9007199254740992',
  '9007199254740993',
  '18446744073709551616',
  '"1"',
  '""',
  'true',
  'false',
  'null',
  '[]',
  '[1]',
  '{}',
  '{"valueOf":1}',
];

await onEveryDatabase('withdraw', (stage) => {
  test('takes the amount at once and answers a pending request', async () => {
    const { miner, held } = await stage.winner();
    const answer = await miner.post('/withdraw', { amount_micro: 1_000, destination: 'somewhere' });
    const { status, request_id } = assertOk(answer, WithdrawAnswer);
    assert.equal(status, 'pending');
    assert.ok(request_id.length > 0);
    await assertBalance(miner, held - 1_000);
    const second = await miner.post('/withdraw', { amount_micro: held - 1_000, destination: 'elsewhere' });
    assert.notEqual(assertOk(second, WithdrawAnswer).request_id, request_id);
    await assertBalance(miner, 0);
    await stage.assertBooksBalance();
  });

  test('over the balance is refused, by one or by all there is in the world', async () => {
    const { miner, held } = await stage.winner();
    for (const amount_micro of [held + 1, Number.MAX_SAFE_INTEGER]) {
      const answer = await miner.post('/withdraw', { amount_micro, destination: 'd' });
      assertRefused(answer, 409, 'insufficient_balance');
    }
    await assertBalance(miner, held, 0);
    const nobody = await stage.miner().post('/withdraw', { amount_micro: 1, destination: 'd' });
    assertRefused(nobody, 409, 'insufficient_balance');
  });

  test('100 parallel withdrawals of the whole balance pay once', async () => {
    const { miner, held } = await stage.winner();
    const body = { amount_micro: held, destination: 'all of it' };
    const answers = await Promise.all(Array.from({ length: 100 }, () => miner.post('/withdraw', body)));
    const paid = answers.filter(({ status }) => status === 200);
    assert.equal(paid.length, 1);
    for (const each of answers) {
      if (each.status !== 200) assertRefused(each, 409, 'insufficient_balance');
    }
    await assertBalance(miner, 0);
    await stage.assertBooksBalance();
  });

  test('parallel withdrawals by both routes never overdraw', async () => {
    const { miner, held } = await stage.winner();
    const amount_micro = Math.floor(held / 10) - 1;
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        n % 2 === 0
          ? miner.post('/withdraw', { amount_micro, destination: 'd' })
          : miner.post('/withdraw_code', { amount_micro }),
      ),
    );
    assert.equal(answers.filter(({ status }) => status === 200).length, 10);
    await assertBalance(miner, held - 10 * amount_micro);
    await stage.assertBooksBalance();
  });

  test('amounts are whole numbers from 1 to 2^53 − 1, destinations 1 to 256 characters', async () => {
    const { miner, held } = await stage.winner();
    for (const amount of NO_AMOUNTS) {
      const answer = await miner.post('/withdraw', `{"amount_micro":${amount},"destination":"d"}`);
      assertRefused(answer, 400, 'invalid_request', 'amount_micro');
    }
    assertRefused(
      await miner.post('/withdraw', { destination: 'd' }),
      400,
      'invalid_request',
      'amount_micro',
    );
    for (const destination of [undefined, '', 'd'.repeat(257), 1, null, ['d'], { to: 'd' }, true]) {
      const answer = await miner.post('/withdraw', { amount_micro: 1, destination });
      assertRefused(answer, 400, 'invalid_request', 'destination');
    }
    await assertBalance(miner, held, 0);
    for (const destination of ['d', 'd'.repeat(256)]) {
      assertOk(await miner.post('/withdraw', { amount_micro: 1, destination }), WithdrawAnswer);
    }
  });
});

await onEveryDatabase('idempotency of withdraw', (stage) => {
  const keyed = (key: string) => ({ 'idempotency-key': key });

  test('the same key again is answered like the first and takes nothing, also in parallel', async () => {
    const { miner, held } = await stage.winner();
    const body = { amount_micro: 1_000, destination: 'd' };
    const key = keyed(randomUUID());
    const answers = await Promise.all(Array.from({ length: 20 }, () => miner.post('/withdraw', body, key)));
    const [first] = answers;
    assert.ok(first !== undefined);
    assertOk(first, WithdrawAnswer);
    for (const each of answers) assert.deepEqual(each.json, first.json, String(each));
    await assertBalance(miner, held - 1_000);
  });

  test('a replay comes before the balance: what was taken needs not be there again', async () => {
    const { miner, held } = await stage.winner();
    const body = { amount_micro: held, destination: 'd' };
    const key = keyed(randomUUID());
    const first = await miner.post('/withdraw', body, key);
    assertOk(first, WithdrawAnswer);
    assert.deepEqual((await miner.post('/withdraw', body, key)).json, first.json);
    await assertBalance(miner, 0);
  });

  test('the same key for another request is refused and takes nothing', async () => {
    const { miner, held } = await stage.winner();
    const key = keyed(randomUUID());
    assertOk(await miner.post('/withdraw', { amount_micro: 10, destination: 'd' }, key), WithdrawAnswer);
    for (const body of [
      { amount_micro: 11, destination: 'd' },
      { amount_micro: 10, destination: 'e' },
    ]) {
      assertRefused(await miner.post('/withdraw', body, key), 422, 'idempotency_mismatch');
    }
    await assertBalance(miner, held - 10);
  });

  test("one miner's key is nothing to another, and two keys are two withdrawals", async () => {
    const [a, b] = [await stage.winner(), await stage.winner()];
    const key = keyed('the-same-for-both');
    const body = { amount_micro: 10, destination: 'd' };
    const first = assertOk(await a.miner.post('/withdraw', body, key), WithdrawAnswer);
    const second = assertOk(await b.miner.post('/withdraw', body, key), WithdrawAnswer);
    const third = assertOk(await a.miner.post('/withdraw', body, keyed('another')), WithdrawAnswer);
    assert.equal(new Set([first.request_id, second.request_id, third.request_id]).size, 3);
    await assertBalance(a.miner, a.held - 20);
    await assertBalance(b.miner, b.held - 10);
  });

  test('a key has 1 to 128 characters', async () => {
    const { miner, held } = await stage.winner();
    const body = { amount_micro: 10, destination: 'd' };
    for (const key of ['', 'k'.repeat(129), 'k'.repeat(5_000)]) {
      const answer = await miner.post('/withdraw', body, keyed(key));
      assertRefused(answer, 400, 'invalid_request', 'idempotency-key');
    }
    await assertBalance(miner, held);
    assertOk(await miner.post('/withdraw', body, keyed('k'.repeat(128))), WithdrawAnswer);
  });

  test('a key survives a kill: the retry takes nothing more', async () => {
    const { miner, held } = await stage.winner();
    const body = { amount_micro: 10, destination: 'd' };
    const key = keyed(randomUUID());
    const first = await miner.post('/withdraw', body, key);
    assertOk(first, WithdrawAnswer);
    await stage.restart('kill');
    const again = stage.again(miner);
    assert.deepEqual((await again.post('/withdraw', body, key)).json, first.json);
    await assertBalance(again, held - 10);
  });
});
