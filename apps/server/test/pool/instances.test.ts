import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import type { TestServer } from '@blindpost/testbed/server';
import type { PoolWire, WireRound } from '@blindpost/testbed/wire-pool';
import { assertBalance, assertRefused, assertWin } from './answers.js';
import { onEveryDatabase, SCALE } from './stage.js';
import { solved, win } from './work.js';

const RACES = Math.max(5, Math.round(100 * SCALE));

await onEveryDatabase(
  'two servers on one PostgreSQL',
  (stage) => {
    let other: TestServer;

    before(async () => {
      other = await stage.another();
    });

    /** The same miner at the other server. */
    const there = (miner: PoolWire) => stage.client(miner.options, other.url);

    test('give the same rounds, locks and balances', async () => {
      const miner = stage.miner();
      const round = await miner.challenge();
      assert.deepEqual(await there(miner).challenge(), round);
      const { nonce } = await solved(miner);
      const { payout_micro } = assertWin(await there(miner).submit(round, nonce));
      await assertBalance(miner, payout_micro, 0);
      await assertBalance(there(miner), payout_micro, 0);
      assert.deepEqual(await miner.challenge(), await there(miner).challenge());
    });

    test('a miner that asks both at once has one lock', async () => {
      for (let race = 0; race < RACES; race += 1) {
        const miner = stage.miner();
        const clients = [miner, there(miner)];
        const rounds = await Promise.all(Array.from({ length: 6 }, (_, n) => pick(clients, n).challenge()));
        for (const each of rounds) assert.deepEqual(each, rounds[0]);
      }
    });

    test(`${RACES} races of valid submits over both give one win each`, async () => {
      const miners = Array.from({ length: 10 }, () => stage.miner());
      let paid = 0;
      for (let race = 0; race < RACES; race += 1) {
        const { round, nonce } = await solved(...miners);
        const answers = await Promise.all(
          miners.map((miner, n) => pick([miner, there(miner)], n).submit(round, nonce)),
        );
        const wins = answers.filter(({ json }) => json.status === 'win');
        const late = answers.filter(({ json }) => json.status === 'too_late');
        assert.deepEqual([wins.length, late.length], [1, 9], answers.join('\n'));
        const [won] = wins;
        assert.ok(won !== undefined);
        paid += assertWin(won).payout_micro;
        const { rounds: open } = await stage.state(other.url);
        assert.equal(open.length, 1, 'one open round');
      }
      const balances = await Promise.all(miners.map((miner) => miner.balance()));
      assert.equal(
        balances.reduce((sum, each) => sum + each, 0),
        paid,
      );
      await stage.assertBooksBalance();
    });

    test('one winning nonce sent to both by one miner is one win, told alike', async () => {
      const miner = stage.miner();
      const { round, nonce } = await solved(miner);
      const clients = [miner, there(miner)];
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) => pick(clients, n).submit(round, nonce)),
      );
      const [first] = answers;
      assert.ok(first !== undefined);
      const { payout_micro } = assertWin(first);
      for (const each of answers) assert.deepEqual(each.json, first.json);
      await assertBalance(miner, payout_micro, 0);
    });

    test('50 parallel withdrawals of the whole balance at each pay once in all', async () => {
      const { miner, held } = await stage.winner();
      const clients = [miner, there(miner)];
      const body = { amount_micro: held, destination: 'd' };
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, n) => pick(clients, n).post('/withdraw', body)),
      );
      assert.equal(answers.filter(({ status }) => status === 200).length, 1);
      for (const each of answers) {
        if (each.status !== 200) assertRefused(each, 409, 'insufficient_balance');
      }
      await assertBalance(miner, 0);
    });

    test('one idempotency key at both takes the amount once', async () => {
      const { miner, held } = await stage.winner();
      const clients = [miner, there(miner)];
      const key = { 'idempotency-key': randomUUID() };
      const body = { amount_micro: 100 };
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) => pick(clients, n).post('/withdraw_code', body, key)),
      );
      const codes = new Set(answers.map(({ json }) => json.code));
      assert.equal(codes.size, 1, answers.join('\n'));
      await assertBalance(miner, held - 100);
    });

    test('round_solved crosses, from either to either', async () => {
      const [here, far] = [stage.miner(), stage.miner()];
      const sockets = [(await here.attend()).socket, (await there(far).attend()).socket];
      for (const winner of [here, there(far)]) {
        const { round } = await win(winner);
        for (const socket of sockets)
          assert.deepEqual(await socket.next(isSolved(round)), solvedFrame(round));
      }
    });

    test('kicked crosses: a second socket at the other takes over', async () => {
      for (const miner of [stage.miner(), stage.client({ from: '127.0.8.2' })]) {
        const first = await miner.attend();
        const second = await there(miner).attend();
        await first.socket.next('kicked');
        assert.equal((await first.socket.closed()).code, 1008);
        const third = await miner.attend();
        await second.socket.next('kicked');
        assert.equal((await second.socket.closed()).code, 1008);
        await win(stage.miner());
        await third.socket.next('round_solved');
        assert.deepEqual(third.socket.of('kicked'), []);
      }
    });

    test('a kill of one leaves the other at work', async () => {
      const miner = stage.miner();
      const far = there(miner);
      const { socket } = await there(stage.miner()).attend();
      const { round, nonce } = await solved(miner);
      await stage.server.kill();
      assertWin(await far.submit(round, nonce));
      await socket.next('round_solved');
      assert.equal((await far.get('/health')).status, 200);
      await stage.restart('kill');
      assert.deepEqual(await stage.again(miner).challenge(), await far.challenge());
    });
  },
  { databases: ['postgres'], env: { POOL_LIMIT_VERIFY: '0' } },
);

await onEveryDatabase(
  'secrets of two servers',
  (stage) => {
    test('are good at both', async () => {
      const other = await stage.another();
      const miner = stage.miner();
      const { secret } = await miner.attend();
      const far = stage.client(miner.options, other.url);
      await win(far, { 'x-pow-secret': secret });
      const { secret: second } = await far.attend();
      await win(miner, { 'x-pow-secret': second });
    });
  },
  { databases: ['postgres'], env: { POOL_REQUIRE_SECRET: 'true' } },
);

function pick(clients: readonly PoolWire[], n: number): PoolWire {
  const client = clients[n % clients.length];
  assert.ok(client !== undefined);
  return client;
}

const solvedFrame = ({ track, round_id }: WireRound) => ({ type: 'round_solved', track, round_id });
const isSolved = (round: WireRound) => (frame: { type: string; round_id?: unknown }) =>
  frame.type === 'round_solved' && frame.round_id === round.round_id;
