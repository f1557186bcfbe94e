import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type PostgresServer, postgresMissing, startPostgres } from '@blindpost/testbed/postgres';
import { assertBalance, assertDelayed } from './answers.js';
import { eventually, Stage } from './stage.js';
import { win } from './work.js';

describe('a PostgreSQL that goes and comes back', { skip: await postgresMissing() }, () => {
  let postgres: PostgresServer;
  let stage: Stage;

  before(async () => {
    postgres = await startPostgres();
    stage = new Stage('postgres', { env: { DATABASE_URL: await postgres.freshDatabase() } });
    await stage.open();
  });
  after(async () => {
    await stage.shut();
    await postgres.stop();
  });

  test('while it is away every route says 503 and when to come back; then all is as it was', async () => {
    const { miner, held } = await stage.winner();
    const round = await miner.challenge();
    const { socket } = await miner.attend();
    const { pid } = stage.server;
    await postgres.kill();
    await eventually('degraded', async () => (await miner.get('/health')).status === 503);
    const key = { 'idempotency-key': 'sent while it was away' };
    const withdrawal = { amount_micro: 100, destination: 'd' };
    for (const ask of [
      () => stage.miner().get('/challenge'),
      () => miner.get('/balance'),
      () => miner.get('/withdraw_code/history'),
      () => miner.submit(round, 'x'),
      () => miner.post('/withdraw', withdrawal, key),
      () => miner.post('/withdraw_code', { amount_micro: 100 }),
      () => stage.admin('/state'),
    ]) {
      const answer = await ask();
      assert.equal(answer.status, 503, String(answer));
      assertDelayed(answer);
    }
    await postgres.restart();
    await eventually('ok again', async () => (await miner.get('/health')).status === 200);
    assert.equal(stage.server.pid, pid);
    assert.equal(process.kill(pid, 0), true);
    await assertBalance(miner, held, 0);
    assert.equal((await miner.post('/withdraw', withdrawal, key)).status, 200);
    await assertBalance(miner, held - 100);
    // Hints cross again, too.
    const won = await win(stage.miner());
    await socket.next(({ round_id }) => round_id === won.round.round_id);
    await stage.assertBooksBalance();
  });
});
