import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Health } from '@blindpost/protocol/health';
import { Stats } from '@blindpost/protocol/relay';
import { makeIdentity } from '@blindpost/testbed/keys';
import { assertOk, member } from './answers.js';
import { eventually, onEveryStore } from './stage.js';

const ADMIN = 'an-admin-key-of-more-than-32-characters-000';

await onEveryStore(
  'health, stats, metrics, OpenAPI',
  (stage) => {
    test('health names the service and the time', async () => {
      const before = Date.now();
      const health = assertOk(await stage.wire.get('/health'), Health);
      assert.deepEqual(
        [health.status, health.environment, health.services],
        ['ok', 'development', { relay: 'ok' }],
      );
      const time = Date.parse(health.timestamp);
      assert.ok(time >= before && time <= Date.now(), health.timestamp);
      assert.equal(new Date(time).toISOString(), health.timestamp);
    });

    test('stats count connections, identities and what waits', async () => {
      const read = async () => assertOk(await stage.wire.get('/stats'), Stats);
      const [a, b] = [makeIdentity(), makeIdentity()];
      const before = await read();
      const sockets = [await stage.wire.login(a), await stage.wire.login(b)];
      await Promise.all(sockets.map((socket) => socket.settle()));
      assert.equal((await read()).active_connections, before.active_connections + 2);
      await stage.wire.sendOnce(makeIdentity().hash, 'x'.repeat(500));
      await stage.wire.upload(makeIdentity());
      await eventually('they are counted', async () => {
        const now = await read();
        return (
          now.queued_messages === before.queued_messages + 1 &&
          now.queued_bytes >= before.queued_bytes + 500 &&
          now.identities > before.identities
        );
      });
      assert.deepEqual(Object.keys(await read()).sort(), [
        'active_connections',
        'identities',
        'queued_bytes',
        'queued_messages',
      ]);
    });

    test('metrics are text of Prometheus with active_connections and no identity in them', async () => {
      const identity = makeIdentity();
      await stage.wire.upload(identity);
      await stage.wire.get(`/keys/fetch?user=${identity.hash}`);
      const answer = await stage.wire.get('/metrics');
      assert.equal(answer.status, 200);
      assert.match(String(answer.headers['content-type']), /^text\/plain/);
      const metrics = answer.raw.toString();
      assert.match(metrics, /active_connections(\{[^}]*\})? \d+/);
      assert.equal(metrics.includes(identity.hash), false);
      assert.equal(metrics.includes('127.0.0.1'), false);
    });

    test('OpenAPI 3.1 describes every route of the relay', async () => {
      const answer = await stage.wire.get('/openapi.json');
      assert.equal(answer.status, 200);
      assert.match(String(answer.json.openapi), /^3\.1\./);
      const paths = answer.json.paths;
      for (const [path, method] of [
        ['/pow/challenge', 'get'],
        ['/keys/upload', 'post'],
        ['/keys/fetch', 'get'],
        ['/keys/random', 'get'],
        ['/nickname/register', 'post'],
        ['/nickname/lookup', 'get'],
        ['/account/burn', 'post'],
        ['/relay', 'post'],
        ['/relay/multicast', 'post'],
        ['/stats', 'get'],
        ['/health', 'get'],
      ] as const) {
        assert.equal(typeof member(member(paths, path), method), 'object', `${method} ${path}`);
      }
    });
  },
  { concurrency: 1, own: true },
);

await onEveryStore(
  'stats and metrics behind a proxy',
  (stage) => {
    test('nobody is loopback: the admin key is required, in either header', async () => {
      for (const path of ['/stats', '/metrics']) {
        for (const headers of [{}, { 'x-forwarded-for': '127.0.0.1' }, { authorization: 'Bearer wrong' }]) {
          const refused = await stage.wire.get(path, { ...headers });
          assert.ok([401, 403].includes(refused.status), `${path}: ${refused}`);
          assert.match(String(refused.json.error), /unauthorized|forbidden/i);
        }
        assert.equal((await stage.wire.get(path, { authorization: `Bearer ${ADMIN}` })).status, 200);
        assert.equal((await stage.wire.get(path, { 'x-admin-token': ADMIN })).status, 200);
        const short = await stage.wire.get(path, { 'x-admin-token': ADMIN.slice(0, -1) });
        assert.equal(short.status, 401, String(short));
      }
    });

    test('guessing the admin key is limited', async () => {
      const guess = (n: number) =>
        stage.wire.get('/stats', { 'x-admin-token': `guess-${n}`, 'x-forwarded-for': '203.0.113.77' });
      let statuses: number[] = [];
      for (let n = 0; n < 10 && !statuses.includes(429); n += 1) {
        const answers = await Promise.all(Array.from({ length: 20 }, (_, k) => guess(20 * n + k)));
        statuses = [...statuses, ...answers.map(({ status }) => status)];
      }
      assert.ok(statuses.includes(429), `200 guesses, none refused: ${[...new Set(statuses)]}`);
    });
  },
  { env: { TRUSTED_PROXIES: '127.0.0.1', ADMIN_API_KEY: ADMIN }, stores: ['memory'] },
);

await onEveryStore(
  'stats and metrics without a proxy',
  (stage) => {
    test('a forwarded header makes a loopback client a stranger', async () => {
      for (const path of ['/stats', '/metrics']) {
        assert.equal((await stage.wire.get(path)).status, 200);
        for (const name of ['x-forwarded-for', 'forwarded']) {
          const refused = await stage.wire.get(path, {
            [name]: name === 'forwarded' ? 'for=1.2.3.4' : '1.2.3.4',
          });
          assert.ok([401, 403].includes(refused.status), `${path}: ${refused}`);
        }
      }
    });
  },
  { env: { ADMIN_API_KEY: ADMIN }, stores: ['memory'] },
);
