import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { History, WithdrawAnswer, Withdrawals } from '@blindpost/protocol/pool';
import { missHash } from '@blindpost/testbed/wire-pool-work';
import { UpgradeRefused } from '@blindpost/testbed/wire-socket';
import { assertOk } from '../relay/answers.js';
import { assertBalance, assertRefused } from './answers.js';
import { ADMIN, eventually, onEveryDatabase } from './stage.js';
import { solved } from './work.js';

const LISTED = 'https://app.example';

await onEveryDatabase('attacks on a round', (stage) => {
  test('a repeated nonce is a duplicate, however its round is spelled', async () => {
    const miner = stage.miner();
    const round = await miner.challenge();
    const shouted = { ...round, round_id: round.round_id.toUpperCase() };
    assert.notEqual(shouted.round_id, round.round_id);
    const miss = missHash(round.params);
    assert.equal((await miner.submit(round, miss)).json.status, 'invalid');
    assertRefused(await miner.submit(shouted, miss), 409, 'duplicate_nonce');
  });

  test('a winner who spells the round in his own way hides its end from nobody', async () => {
    const [winner, other] = [stage.miner(), stage.miner()];
    const { socket } = await other.attend();
    for (;;) {
      const { round, nonce } = await solved(winner, other);
      const answer = await winner.submit({ ...round, round_id: round.round_id.toUpperCase() }, nonce);
      if (answer.json.status === 'too_late') continue;
      assert.equal(answer.json.status, 'win', String(answer));
      const told = await socket.next((frame) => frame.type === 'round_solved');
      assert.deepEqual(told, { type: 'round_solved', track: round.track, round_id: round.round_id });
      return;
    }
  });
});

await onEveryDatabase('attacks on money', (stage) => {
  test('a withdrawal is repeated by its key, whatever text its destination is', async () => {
    const { miner, held } = await stage.winner();
    const destinations = ['\ufeffbegins with a mark', 'half a pair \ud800', '\ud83d'];
    for (const destination of destinations) {
      const key = { 'idempotency-key': randomUUID() };
      const body = { amount_micro: 10, destination };
      const first = assertOk(await miner.post('/withdraw', body, key), WithdrawAnswer);
      assert.deepEqual(assertOk(await miner.post('/withdraw', body, key), WithdrawAnswer), first);
      const { items } = assertOk(await stage.admin('/withdrawals'), Withdrawals);
      assert.equal(items[0]?.destination, Buffer.from(destination).toString());
    }
    await assertBalance(miner, held - 10 * destinations.length);
  });
});

await onEveryDatabase(
  'attacks on whoever shares an address',
  (stage) => {
    test('no cache keeps an answer for the next who asks', async () => {
      const address = stage.client({ from: '127.0.7.1' });
      for (const path of ['/challenge', '/balance', '/withdraw_code/history', '/pool/balance']) {
        assert.equal((await address.get(path)).headers['cache-control'], 'no-store', path);
      }
      const { headers } = await stage.admin('/state');
      assert.equal(headers['cache-control'], 'no-store');
    });

    test('a listed origin that comes by address gets no CORS header at all', async () => {
      const page = stage.client({ from: '127.0.7.2', headers: { origin: LISTED } });
      const answer = await page.get('/balance');
      assertRefused(answer, 403, 'forbidden', 'origin');
      assert.deepEqual(
        Object.keys(answer.headers).filter((name) => name.startsWith('access-control-')),
        [],
      );
    });

    test('a flood from the address of an admin keeps no admin out', async () => {
      const from = '127.0.7.3';
      const flooder = stage.miner({ from });
      for (let n = 0; n < 40; n += 1) await flooder.get('/balance');
      assertRefused(await flooder.get('/balance'), 429, 'rate_limit_exceeded');
      const answer = await stage.client({ from }).get('/admin/state', { 'x-admin-token': ADMIN });
      assert.equal(answer.status, 200, String(answer));
    });

    test('sockets that come and go are counted as requests are', async () => {
      const miner = stage.miner({ from: '127.0.7.4' });
      const opened = async () => {
        const socket = await miner.open();
        socket.terminate();
      };
      await opened();
      await assert.rejects(
        async () => {
          for (let n = 0; n < 100; n += 1) await opened();
        },
        (error) => error instanceof UpgradeRefused && error.answer.status === 429,
      );
      // Whoever comes from elsewhere is not the one who is refused.
      await stage.miner({ from: '127.0.7.5' }).attend();
    });
  },
  { databases: ['sqlite'], env: { POOL_LIMIT_REQUESTS: '30', RELAY_LIMIT_JAIL: '5', CORS_ORIGINS: LISTED } },
);

await onEveryDatabase(
  'attacks between two servers',
  (stage) => {
    test('of two sockets that open at once, at two servers, one stays', async () => {
      const other = await stage.another();
      for (let n = 0; n < 10; n += 1) {
        const miner = stage.miner();
        const far = stage.client(miner.options, other.url);
        const pair = await Promise.all([miner.attend(), far.attend()]);
        const kicked = () => pair.filter(({ socket }) => socket.of('kicked').length > 0).length;
        await eventually('one of them kicked', async () => kicked() > 0);
        // Every hint that was on its way when these were sent has come.
        const [near, distant] = [stage.miner(), stage.miner()];
        const marks = [await near.attend(), await stage.client(distant.options, other.url).attend()];
        const movers = [await stage.client(near.options, other.url).attend(), await distant.attend()];
        for (const { socket } of marks) await socket.next('kicked');
        assert.equal(kicked(), 1);
        for (const { socket } of [...pair, ...movers]) socket.terminate();
      }
    });
  },
  { databases: ['postgres'] },
);

await onEveryDatabase(
  'a gateway that says nothing',
  (stage) => {
    test('holds no stop up: the exit is 0, and every code is there and delivered later', async (context) => {
      const taken = new Set<Socket>();
      const silent = createServer((socket) => taken.add(socket)).listen(0, '127.0.0.1');
      await once(silent, 'listening');
      context.after(() => {
        for (const socket of taken) socket.destroy();
        silent.close();
      });
      const bound = silent.address();
      assert.ok(typeof bound === 'object' && bound !== null);
      const gateway = { POOL_REDEEM_MYSQL_URL: `mysql://user:word@127.0.0.1:${bound.port}/gateway` };
      await stage.restart('stop', gateway);
      const { miner, held } = await stage.winner();
      const asked = Array.from({ length: 12 }, () =>
        miner.post('/withdraw_code', { amount_micro: 10 }).catch(() => null),
      );
      await eventually('all are in the outbox', async () => {
        const { outbox } = await stage.state();
        return outbox.reserved + outbox.issued === asked.length;
      });
      const old = stage.server;
      await stage.restart('stop');
      assert.equal(await old.exited, 0);
      await Promise.all(asked);
      const again = stage.again(miner);
      await assertBalance(again, held - 10 * asked.length);
      const { items } = assertOk(await again.get('/withdraw_code/history'), History);
      assert.equal(items.length, asked.length);
    });
  },
  { databases: ['sqlite'] },
);
