import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { PoolState, WithdrawAnswer, Withdrawals } from '@blindpost/protocol/pool';
import { minerToken, type PoolWire } from '@blindpost/testbed/wire-pool';
import { assertOk } from '../relay/answers.js';
import { assertBalance, assertRefused } from './answers.js';
import { ADMIN, given, onEveryDatabase } from './stage.js';

async function withdraw(miner: PoolWire, amount_micro: number, destination = 'd'): Promise<string> {
  const answer = await miner.post('/withdraw', { amount_micro, destination });
  return assertOk(answer, WithdrawAnswer).request_id;
}

await onEveryDatabase('admin', (stage) => {
  test('every admin route asks for the admin key, in one of two headers', async () => {
    const id = randomUUID();
    const routes: [string, string][] = [
      ['GET', '/admin/state'],
      ['GET', '/admin/withdrawals'],
      ['POST', `/admin/withdrawals/${id}`],
    ];
    const keys: Record<string, string>[] = [
      {},
      { 'x-admin-token': '' },
      { 'x-admin-token': `${ADMIN}x` },
      { authorization: `Bearer ${minerToken()}` },
      { authorization: `Basic ${ADMIN}` },
    ];
    for (const prefix of ['', '/pool']) {
      for (const [method, path] of routes) {
        // Ten wrong keys a minute and address are answered 401, so each route asks from an address of its own.
        const from = `127.0.${prefix.length}.${path.length}`;
        const anybody = stage.client({ from, prefix });
        for (const headers of keys) {
          const body = method === 'POST' ? { body: '{"status":"paid"}' } : {};
          const json = { 'content-type': 'application/json', ...headers };
          const answer = await anybody.request(path, { method, headers: json, ...body });
          assertRefused(answer, 401, 'unauthorized');
        }
        for (const headers of [{ 'x-admin-token': ADMIN }, { authorization: `Bearer ${ADMIN}` }]) {
          const answer =
            method === 'GET'
              ? await anybody.get(path, headers)
              : await anybody.post(path, { status: 'paid' }, headers);
          assert.equal(answer.status, method === 'GET' ? 200 : 404, String(answer));
        }
      }
    }
  });

  test('guesses of the key are limited', async () => {
    const guesser = stage.client({ from: '127.0.9.9' });
    const answers = [];
    for (let n = 0; n < 15; n += 1) {
      answers.push(
        await guesser.get('/admin/state', { 'x-admin-token': `guess number ${n} ${'x'.repeat(32)}` }),
      );
    }
    assert.equal(answers.at(-1)?.status, 429);
  });

  test('state tells rounds, pool, locks, ledger, outbox and verifier, and no miner', async () => {
    const { miner, held } = await stage.winner();
    await miner.challenge();
    const destination = 'a-destination-nobody-else-reads';
    await withdraw(miner, 100, destination);
    await miner.post('/withdraw_code', { amount_micro: 200 });
    const answer = await stage.admin('/state');
    const state = assertOk(answer, PoolState);
    const [round, ...more] = state.rounds;
    assert.deepEqual(more, []);
    assert.equal(round?.track, 'CPU_HASH');
    assert.ok(given(round).locks >= 1 && given(round).won >= 1);
    assert.ok(state.locks >= 1);
    assert.ok(state.pool.balance_micro <= state.pool.cap_micro);
    assert.equal(state.ledger.sum_micro, 0);
    assert.equal(state.outbox.delivered, 1);
    const accounts = Object.entries(state.ledger.accounts);
    assert.ok(state.ledger.accounts.miner === held - 300, JSON.stringify(accounts));
    assert.ok(state.verifier.workers >= 1);
    const text = answer.raw.toString();
    for (const secret of [destination, given(miner.options.token), '127.0.0.1']) {
      assert.equal(text.includes(secret), false, secret);
    }
  });

  test('withdrawals are listed latest first, by status, and go on behind the last one seen', async () => {
    const { miner } = await stage.winner();
    const ids = [];
    for (let n = 0; n < 3; n += 1) ids.unshift(await withdraw(miner, 10 + n, `to ${n}`));
    const [third, second, first] = ids;
    const all = assertOk(await stage.admin('/withdrawals'), Withdrawals).items;
    assert.deepEqual(
      all
        .slice(0, 3)
        .map(({ request_id, amount_micro, destination, status }) => [
          request_id,
          amount_micro,
          destination,
          status,
        ]),
      [
        [third, 12, 'to 2', 'pending'],
        [second, 11, 'to 1', 'pending'],
        [first, 10, 'to 0', 'pending'],
      ],
    );
    assert.equal((await stage.admin(`/withdrawals/${second}`, { status: 'paid' })).status, 200);
    const paid = assertOk(await stage.admin('/withdrawals?status=paid'), Withdrawals).items;
    assert.deepEqual(
      paid.map(({ request_id, status }) => [request_id, status]),
      [[second, 'paid']],
    );
    const pending = assertOk(await stage.admin('/withdrawals?status=pending'), Withdrawals).items;
    assert.equal(
      pending.some(({ request_id }) => request_id === second),
      false,
    );
    const behind = assertOk(await stage.admin(`/withdrawals?before=${third}`), Withdrawals).items;
    assert.deepEqual(
      behind.slice(0, 2).map(({ request_id }) => request_id),
      [second, first],
    );
  });

  test('a rejected withdrawal is credited back once, however often it is rejected', async () => {
    const { miner, held } = await stage.winner();
    const id = await withdraw(miner, 1_000);
    await assertBalance(miner, held - 1_000);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => stage.admin(`/withdrawals/${id}`, { status: 'rejected' })),
    );
    for (const answer of answers) assert.equal(answer.status, 200, String(answer));
    await assertBalance(miner, held, 0);
    assertRefused(await stage.admin(`/withdrawals/${id}`, { status: 'paid' }), 409, 'already_settled');
    await assertBalance(miner, held, 0);
    await stage.assertBooksBalance();
  });

  test('a paid withdrawal is never credited back', async () => {
    const { miner, held } = await stage.winner();
    const id = await withdraw(miner, 1_000);
    assert.equal((await stage.admin(`/withdrawals/${id}`, { status: 'paid' })).status, 200);
    await assertBalance(miner, held - 1_000, 1_000);
    assertRefused(await stage.admin(`/withdrawals/${id}`, { status: 'rejected' }), 409, 'already_settled');
    assert.equal((await stage.admin(`/withdrawals/${id}`, { status: 'paid' })).status, 200);
    await assertBalance(miner, held - 1_000, 1_000);
    await stage.assertBooksBalance();
  });

  test('paid and rejected at the same moment: one of them happens', async () => {
    const { miner, held } = await stage.winner();
    const id = await withdraw(miner, 1_000);
    const answers = await Promise.all(
      ['paid', 'rejected', 'paid', 'rejected'].map((status) => stage.admin(`/withdrawals/${id}`, { status })),
    );
    const done = answers.map(({ status }) => status === 200);
    assert.deepEqual(done, done[0] ? [true, false, true, false] : [false, true, false, true]);
    await assertBalance(miner, done[0] ? held - 1_000 : held);
    await stage.assertBooksBalance();
  });

  test('an unknown withdrawal is not found, another status is refused', async () => {
    for (const id of [randomUUID(), 'nope', '%00', "'%20OR%201=1%20--"]) {
      assertRefused(await stage.admin(`/withdrawals/${id}`, { status: 'paid' }), 404, 'not_found');
    }
    const { miner, held } = await stage.winner();
    const id = await withdraw(miner, 10);
    for (const status of ['pending', 'PAID', '', 1, null, true, ['paid'], undefined]) {
      const answer = await stage.admin(`/withdrawals/${id}`, { status });
      assertRefused(answer, 400, 'invalid_request', 'status');
    }
    for (const query of ['status=done', 'status=', 'before=', 'before=junk', `before=${'x'.repeat(65)}`]) {
      assertRefused(await stage.admin(`/withdrawals?${query}`), 400, 'invalid_request');
    }
    await assertBalance(miner, held - 10);
  });
});
