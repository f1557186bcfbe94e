import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeIdentity } from '@blindpost/testbed/keys';
import { startServer } from '@blindpost/testbed/server';
import { Wire } from '@blindpost/testbed/wire';
import { onEveryDatabase } from './stage.js';
import { win } from './work.js';

await onEveryDatabase(
  'beside the relay',
  (stage) => {
    test("/ws is the relay's and /pool/ws the pool's", async () => {
      const miner = stage.miner();
      const relay = new Wire(stage.url);
      const identity = makeIdentity();
      const mailbox = await relay.login(identity);
      await miner.attend();
      await relay.sendOnce(identity.hash, 'still a relay');
      await mailbox.next(({ payload }) => payload === 'still a relay');

      const astray = await miner.open('/ws');
      astray.send({ type: 'auth', token: miner.options.token });
      await astray.closed();
      assert.deepEqual(astray.of('secret'), []);
      relay.end();
    });

    test('routes of both answer, those of the pool under /pool as well', async () => {
      const miner = stage.miner();
      const { payout } = await win(miner);
      const pool = stage.client({ ...miner.options, prefix: '/pool' });
      assert.equal(await pool.balance(), payout);
      assert.equal((await miner.get('/pow/challenge')).status, 200);
      assert.deepEqual((await miner.get('/health')).json.services, { relay: 'ok', pool: 'ok' });
    });
  },
  { services: ['relay', 'pool'], databases: ['sqlite'] },
);

await onEveryDatabase(
  'every route under /pool',
  (stage) => {
    test('answers as it does without', async () => {
      const miner = stage.miner({ prefix: '/pool' });
      const { payout } = await win(miner);
      const plain = stage.client({ ...miner.options, prefix: '' });
      assert.equal(await plain.balance(), payout);
      assert.equal(await miner.balance(), payout);
      const withdrawal = await miner.post('/withdraw', { amount_micro: 2, destination: 'd' });
      assert.equal(withdrawal.status, 200, String(withdrawal));
      assert.equal((await miner.post('/withdraw_code', { amount_micro: 2 })).status, 200);
      const histories = [
        await plain.get('/withdraw_code/history'),
        await miner.get('/withdraw_code/history'),
      ];
      assert.deepEqual(histories[0]?.json, histories[1]?.json);
      assert.deepEqual(await plain.challenge(), await miner.challenge());
    });

    test('a server of the relay alone has none of them', async () => {
      const server = await startServer();
      const client = stage.client({}, server.url);
      for (const path of ['/challenge', '/pool/challenge', '/balance', '/admin/state', '/pool/admin/state']) {
        assert.equal((await client.get(path)).status, 404, path);
      }
      await server.stop();
    });
  },
  { databases: ['sqlite'] },
);
