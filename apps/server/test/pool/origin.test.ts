import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PoolWire } from '@blindpost/testbed/wire-pool';
import { UpgradeRefused } from '@blindpost/testbed/wire-socket';
import { assertBalance, assertRefused } from './answers.js';
import { given, onEveryDatabase, type Stage } from './stage.js';
import { win } from './work.js';

const LISTED = 'https://app.example';
const FOREIGN = ['https://evil.example', 'null', 'http://127.0.0.1:1', 'http://localhost.evil.example'];
const GETS = ['/challenge', '/balance', '/withdraw_code/history'];
const POSTS: [string, string][] = [
  ['/submit', '{"track":"CPU_HASH","round_id":"any","proof":{"nonce":"x"}}'],
  ['/withdraw', '{"amount_micro":10,"destination":"thief"}'],
  ['/withdraw_code', '{"amount_micro":10}'],
];

const allowed = (answer: Awaited<ReturnType<PoolWire['get']>>) =>
  answer.headers['access-control-allow-origin'];

/** The address whose pages' visitor has a balance. */
async function visitor(stage: Stage, from: string): Promise<{ miner: PoolWire; held: number }> {
  const miner = stage.client({ from });
  const { payout } = await win(miner);
  return { miner, held: payout };
}

await onEveryDatabase(
  'pages of other sites',
  (stage) => {
    test('a foreign Origin by address is 403 without CORS, read or write, and spends nothing', async () => {
      const { miner, held } = await visitor(stage, '127.0.4.1');
      for (const prefix of ['', '/pool']) {
        for (const origin of [...FOREIGN, LISTED]) {
          const page = stage.client({ from: '127.0.4.1', prefix, headers: { origin } });
          for (const path of GETS) {
            const answer = await page.get(path);
            assertRefused(answer, 403, 'forbidden');
            assert.equal(allowed(answer), undefined, `${path} ${origin}`);
          }
          for (const [path, body] of POSTS) {
            const answer = await page.post(path, body);
            assertRefused(answer, 403, 'forbidden');
            assert.equal(allowed(answer), undefined, `${path} ${origin}`);
            // What a page may send without asking first.
            const simple = await page.request(path, {
              method: 'POST',
              headers: { 'content-type': 'text/plain' },
              body,
            });
            assert.ok([403, 415].includes(simple.status), String(simple));
            assert.equal(allowed(simple), undefined);
          }
        }
      }
      await assertBalance(miner, held, 0);
    });

    test('an upgrade by address from a foreign Origin is 403', async () => {
      for (const path of ['/ws', '/pool/ws']) {
        for (const origin of FOREIGN) {
          await assert.rejects(
            stage.client().open(path, { origin }),
            (error) => {
              assert.ok(error instanceof UpgradeRefused, String(error));
              assert.equal(allowed(error.answer), undefined);
              return error.answer.status === 403;
            },
            `${path} ${origin}`,
          );
        }
      }
    });

    test('our own pages may do it all by address', async () => {
      const { held } = await visitor(stage, '127.0.4.2');
      const page = stage.client({ from: '127.0.4.2', headers: { origin: stage.url } });
      await assertBalance(page, held, 0);
      await page.challenge();
      assert.equal((await page.post('/withdraw_code', {})).status, 200);
      const socket = await page.open('/pool/ws', { origin: stage.url });
      await socket.next('secret');
    });

    test('a listed origin works with a token, and its answers may be read there', async () => {
      const { miner, held } = await stage.winner();
      const page = stage.client({ ...miner.options, headers: { origin: LISTED } });
      for (const path of GETS) {
        const answer = await page.get(path);
        assert.equal(answer.status, 200, String(answer));
        assert.equal(allowed(answer), LISTED);
        assert.equal(answer.headers['access-control-allow-credentials'], undefined);
      }
      const code = await page.post('/withdraw_code', { amount_micro: 10 });
      assert.equal(code.status, 200, String(code));
      assert.equal(allowed(code), LISTED);
      await assertBalance(miner, held - 10);
    });

    test('a listed origin may ask before it sends a token, a key or a secret', async () => {
      const answer = await stage.client().request('/submit', {
        method: 'OPTIONS',
        headers: {
          origin: LISTED,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type,idempotency-key,x-pow-secret',
        },
      });
      assert.ok([200, 204].includes(answer.status), String(answer));
      assert.equal(allowed(answer), LISTED);
      const headers = String(answer.headers['access-control-allow-headers']).toLowerCase();
      for (const name of ['authorization', 'content-type', 'idempotency-key', 'x-pow-secret']) {
        assert.ok(headers.includes(name), headers);
      }
    });

    test("a listed origin's socket is its token's; without one it is closed, never the address", async () => {
      const { socket } = await stage.miner().attend('/pool/ws', { origin: LISTED });
      assert.equal(socket.open, true);
      const silent = await stage.client().open('/pool/ws', { origin: LISTED });
      assert.equal((await silent.closed()).code, 1008);
      assert.deepEqual(silent.of('secret'), []);
    });

    test('a foreign Origin with a token is told nothing it could read', async () => {
      const miner = stage.miner();
      for (const origin of FOREIGN) {
        const page = stage.client({ ...miner.options, headers: { origin } });
        for (const path of GETS) assert.equal(allowed(await page.get(path)), undefined);
      }
    });

    test('POST takes application/json only, with or without a token', async () => {
      const { miner, held } = await stage.winner();
      const address = await visitor(stage, '127.0.4.3');
      for (const { miner: client } of [{ miner }, address]) {
        for (const [path, body] of POSTS) {
          for (const type of [
            'text/plain',
            'text/plain;charset=UTF-8',
            'application/x-www-form-urlencoded',
            'multipart/form-data; boundary=x',
            'application/jsonp',
            'application/octet-stream',
            'text/json',
            'nonsense',
            undefined,
          ]) {
            const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
            const answer = await client.request(path, { method: 'POST', headers, body });
            assertRefused(answer, 415, 'unsupported_media_type');
          }
        }
      }
      await assertBalance(miner, held, 0);
      await assertBalance(address.miner, address.held, 0);
      for (const type of ['application/json', 'application/json; charset=utf-8']) {
        const [path, body] = given(POSTS[2]);
        const headers = { 'content-type': type };
        assert.equal((await miner.request(path, { method: 'POST', headers, body })).status, 200, type);
      }
    });
  },
  { env: { CORS_ORIGINS: LISTED }, databases: ['sqlite'] },
);
