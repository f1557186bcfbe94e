import assert from 'node:assert/strict';
import { randomInt, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { History } from '@blindpost/protocol/pool';
import { minerToken, type PoolWire, type WireRound } from '@blindpost/testbed/wire-pool';
import { assertOk } from '../relay/answers.js';
import { assertBalance, assertWin } from './answers.js';
import { onEveryDatabase, SCALE, type Stage } from './stage.js';
import { solved, win } from './work.js';

const KILLS = Math.max(4, Math.round(60 * SCALE));

/** Asks, and kills the server before, while or after it answers; answers what came, or null when nothing did. */
async function killDuring<T>(stage: Stage, ask: () => Promise<T>): Promise<T | null> {
  const asked = ask().catch(() => null);
  await new Promise((resolve) => setTimeout(resolve, randomInt(25)));
  await stage.restart('kill');
  return asked;
}

await onEveryDatabase('kill -9', (stage) => {
  test('a challenge fetched before it can be won after it, by token and by address', async () => {
    for (const options of [{ token: minerToken() }, { from: '127.0.7.1' }]) {
      const miner = stage.client(options);
      const { round, nonce } = await solved(miner);
      await stage.restart('kill');
      const again = stage.again(miner);
      assert.deepEqual(await again.challenge(), round);
      const { payout_micro } = assertWin(await again.submit(round, nonce));
      await assertBalance(again, payout_micro);
    }
  });

  test('a stop in order loses as little, and is an exit of 0', async () => {
    const miner = stage.miner();
    const { payout } = await win(miner);
    const round = await miner.challenge();
    const old = stage.server;
    await stage.restart('stop');
    assert.equal(await old.exited, 0);
    const again = stage.again(miner);
    assert.deepEqual(await again.challenge(), round);
    await assertBalance(again, payout, 0);
  });

  test(`${KILLS} kills between a winning submit and its answer: the retry wins, paid once`, async () => {
    for (let kill = 0; kill < KILLS; kill += 1) {
      const [miner, rival] = [stage.miner(), stage.miner()];
      const { round, nonce } = await solved(miner, rival);
      const first = await killDuring(stage, () => miner.submit(round, nonce));
      const again = stage.again(miner);
      const retry = await again.submit(round, nonce);
      const { payout_micro } = assertWin(retry);
      // What was answered was on disk.
      if (first !== null) assert.deepEqual(retry.json, first.json);
      await assertBalance(again, payout_micro, 0);
      const late = await stage.again(rival).submit(round, nonce);
      assert.deepEqual(late.json, { status: 'too_late' }, String(late));
      const { rounds } = await stage.state();
      assert.equal(rounds.length, 1, 'one open round');
      assert.notEqual(rounds[0]?.round_id, round.round_id);
      await stage.assertBooksBalance();
    }
  });

  test(`${KILLS} kills during withdrawals: the retry with the key takes the amount once`, async () => {
    const { miner, held } = await stage.winner();
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const key = { 'idempotency-key': randomUUID() };
      const ask = (who: PoolWire) => who.post('/withdraw', { amount_micro: 100, destination: 'd' }, key);
      const first = await killDuring(stage, () => ask(stage.again(miner)));
      const again = stage.again(miner);
      const retry = await ask(again);
      assert.equal(retry.status, 200, String(retry));
      if (first !== null) assert.deepEqual(retry.json, first.json);
      await assertBalance(again, held - 100 * kill);
      await stage.assertBooksBalance();
    }
  });

  test(`${KILLS} kills during redemptions: one code for each key, and the history has them all`, async () => {
    const { miner, held } = await stage.winner();
    const codes: unknown[] = [];
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const key = { 'idempotency-key': randomUUID() };
      const ask = (who: PoolWire) => who.post('/withdraw_code', { amount_micro: 100 }, key);
      const first = await killDuring(stage, () => ask(stage.again(miner)));
      const again = stage.again(miner);
      const retry = await ask(again);
      assert.equal(retry.status, 200, String(retry));
      if (first !== null) assert.equal(retry.json.code, first.json.code);
      codes.unshift(retry.json.code);
      await assertBalance(again, held - 100 * kill);
      await stage.assertBooksBalance();
    }
    const { items } = assertOk(await stage.again(miner).get('/withdraw_code/history'), History);
    assert.deepEqual(
      items.map(({ code }) => code),
      codes,
    );
  });

  test(`${KILLS} kills amid everything at once: the books balance and one round is open`, async () => {
    const miners: PoolWire[] = [];
    for (let n = 0; n < 4; n += 1) miners.push((await stage.winner()).miner);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const active = miners.map((miner) => stage.again(miner));
      const { round, nonce } = await solved(...active);
      await killDuring(stage, () => Promise.all(active.map((miner) => disturb(miner, round, nonce))));
      await stage.assertBooksBalance();
      const state = await stage.state();
      assert.equal(state.rounds.length, 1);
      const balances = await Promise.all(miners.map((miner) => stage.again(miner).balance()));
      for (const balance of balances) assert.ok(balance >= 0);
    }
  });
});

async function disturb(miner: PoolWire, round: WireRound, nonce: string): Promise<void> {
  await Promise.all([
    miner.submit(round, nonce),
    miner.post('/withdraw', { amount_micro: 1_000, destination: 'd' }),
    miner.post('/withdraw_code', { amount_micro: 1_000 }),
    miner.get('/challenge'),
  ]);
}
