/** The miner's SDK against real servers, also ones that are killed. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Miner, type MinerOptions, newMinerToken, PoolError, PoolHttp } from '@blindpost/client/pool';
import { freePort } from '@blindpost/testbed/ports';
import { type ServerOptions, startServer, type TestServer } from '@blindpost/testbed/server';
import { until } from './people.js';

let folder: string;
const servers: TestServer[] = [];
const miners: Miner[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blindpost-mining-'));
});
after(async () => {
  for (const miner of miners) miner.stop();
  await Promise.all(servers.map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function start(env: ServerOptions['env'] = {}): Promise<TestServer> {
  const server = await startServer({ services: ['pool'], env });
  servers.push(server);
  return server;
}

/** A miner, and every payout it was told of. */
function mine(url: string, options: Partial<MinerOptions> = {}) {
  const token = newMinerToken();
  const payouts: number[] = [];
  const errors: Error[] = [];
  const miner = new Miner({
    url,
    token,
    workers: 1,
    onState: ({ wins, lastPayoutMicro }) => {
      if (wins > payouts.length) payouts.push(lastPayoutMicro ?? 0);
    },
    onError: (error) => errors.push(error),
    ...options,
  });
  miners.push(miner);
  const running = miner.run();
  running.catch(() => {});
  return { miner, running, payouts, errors, http: new PoolHttp({ url, token }) };
}

test('what a miner was told it won is what it has, through servers killed in the middle', async () => {
  const data = join(folder, 'killed');
  const env = { PORT: String(await freePort()), DATA_DIR: data };
  let server = await start(env);
  const { miner, running, payouts, http } = mine(server.url);
  for (let life = 1; life <= 3; life++) {
    await until(() => payouts.length >= life);
    await server.kill();
    server = await start(env);
  }
  const { wins } = miner.state;
  await until(() => miner.state.wins > wins && miner.state.status !== 'submitting');
  miner.stop();
  await running;
  // Nothing was on its way when it stopped.
  const { pending_balance_micro } = await http.balance();
  assert.equal(
    pending_balance_micro,
    payouts.reduce((sum, payout) => sum + payout, 0),
  );
  assert.ok(payouts.length >= 4);
});

test('two miners of one pool never work on a solved round for long, and both win', async () => {
  const { url } = await start();
  const both = [mine(url), mine(url)];
  await until(() => both.every(({ payouts }) => payouts.length >= 1));
  for (const { miner, errors } of both) {
    miner.stop();
    assert.deepEqual(errors, []);
  }
});

test('where secrets are required, the socket brings them and the submit carries them', async () => {
  const { url } = await start({ POOL_REQUIRE_SECRET: 'true' });
  const { payouts, http } = mine(url);
  await until(() => payouts.length >= 1);
  const { track, round_id } = await http.challenge();
  await assert.rejects(
    http.submit({ track, round_id, nonce: 'x' }),
    (error) => error instanceof PoolError && error.code === 'bad_secret',
  );
});

test('all of a balance is redeemed by default, and a repeated key pays once', async () => {
  const { url } = await start();
  const { miner, payouts, http } = mine(url);
  await until(() => payouts.length >= 1);
  miner.stop();
  const options = { idempotencyKey: 'once' };
  const before = await http.balance();
  const first = await http.withdraw(5, 'somewhere', options);
  assert.deepEqual(await http.withdraw(5, 'somewhere', options), first);
  await assert.rejects(
    http.withdraw(6, 'somewhere', options),
    (error) => error instanceof PoolError && error.code === 'idempotency_mismatch',
  );
  assert.equal((await http.balance()).pending_balance_micro, before.pending_balance_micro - 5);
  const redeemed = await http.withdrawCode();
  assert.equal(redeemed.amount_micro, before.pending_balance_micro - 5);
  const { items } = await http.history();
  assert.deepEqual(
    items.map(({ code, quota, amount_micro }) => ({ code, quota, amount_micro })),
    [{ code: redeemed.code, quota: redeemed.quota, amount_micro: redeemed.amount_micro }],
  );
  await assert.rejects(
    http.withdraw(1, 'somewhere'),
    (error) => error instanceof PoolError && error.code === 'insufficient_balance',
  );
});
