import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeIdentity } from '@blindpost/testbed/keys';
import { UpgradeRefused } from '@blindpost/testbed/wire-socket';
import { assertRefused } from './answers.js';
import { eventually, onEveryStore } from './stage.js';

const ADMIN = 'an-admin-key-of-more-than-32-characters-000';

await onEveryStore(
  'host and origin',
  (stage) => {
    const port = () => new URL(stage.url).port;

    test('Host must be loopback, else 421; the upgrade alike', async () => {
      for (const host of [
        'localhost',
        `localhost:${port()}`,
        '127.0.0.1',
        '127.8.9.10:80',
        '[::1]',
        `[::1]:${port()}`,
      ]) {
        assert.equal((await stage.wire.get('/health', { host })).status, 200, host);
      }
      for (const host of [
        'evil.example',
        `evil.example:${port()}`,
        '10.0.0.1',
        'localhost.evil.example',
        '127.0.0.1.evil.example',
        'x@localhost',
        '[::2]',
      ]) {
        const answer = await stage.wire.get('/health', { host });
        assert.equal(answer.status, 421, `${host}: ${answer}`);
        assert.deepEqual(Object.keys(answer.json).sort(), ['details', 'error', 'message']);
        await assert.rejects(stage.wire.open({ headers: { host } }), (error) => {
          assert.ok(error instanceof UpgradeRefused);
          return error.answer.status === 421;
        });
      }
    });

    test('an upgrade with a foreign Origin is 403, with none or our own it passes', async () => {
      for (const origin of [
        'https://evil.example',
        'null',
        `http://127.0.0.1:1`,
        'http://localhost.evil.example',
      ]) {
        await assert.rejects(
          stage.wire.open({ origin }),
          (error) => {
            assert.ok(error instanceof UpgradeRefused, String(error));
            return error.answer.status === 403;
          },
          origin,
        );
      }
      await stage.wire.open();
      await stage.wire.open({ origin: stage.url });
    });

    test('no origin is allowed by default, and nobody gets credentials or a cookie', async () => {
      const answer = await stage.wire.get('/health', { origin: 'https://app.example' });
      assert.equal(answer.headers['access-control-allow-origin'], undefined);
      assert.equal(answer.headers['access-control-allow-credentials'], undefined);
      assert.equal(answer.headers['set-cookie'], undefined);
    });

    test('every other path is a JSON 404, whatever the method, and so is /ws without an upgrade', async () => {
      for (const path of [
        '/nothing',
        '/keys',
        '/keys/upload/x',
        '/console',
        '/assets/none',
        '/index.html',
        '//',
        '/.env',
      ]) {
        const answer = await stage.wire.get(path);
        assert.equal(answer.status, 404, `${path}: ${answer}`);
        assert.match(String(answer.json.error), /not_found/i);
        assert.match(String(answer.headers['content-type']), /^application\/json/);
      }
      const upgrade = stage.wire.open.bind(stage.wire);
      assert.equal((await stage.wire.request('/nothing', { method: 'POST', body: 'x' })).status, 404);
      await assert.doesNotReject(upgrade());
    });
  },
  { stores: ['memory'] },
);

await onEveryStore(
  'public address and browsers',
  (stage) => {
    test("the host of PUBLIC_URL is ours, others' are not, and its pages may open sockets", async () => {
      assert.equal((await stage.wire.get('/health', { host: 'relay.example' })).status, 200);
      assert.equal((await stage.wire.get('/health', { host: 'other.example' })).status, 421);
      await stage.wire.open({ headers: { host: 'relay.example' }, origin: 'https://relay.example' });
      await stage.wire.open({ origin: 'https://app.example' });
      await assert.rejects(stage.wire.open({ origin: 'https://evil.example' }));
    });

    test('CORS answers the named origins only, without credentials, and shows the headers a client needs', async () => {
      const named = await stage.wire.get('/pow/challenge', { origin: 'https://app.example' });
      assert.equal(named.headers['access-control-allow-origin'], 'https://app.example');
      assert.equal(named.headers['access-control-allow-credentials'], undefined);
      const exposed = String(named.headers['access-control-expose-headers']).toLowerCase();
      for (const name of ['retry-after', 'x-ratelimit-', 'x-has-more'])
        assert.ok(exposed.includes(name), exposed);
      const preflight = await stage.wire.request('/keys/upload', {
        method: 'OPTIONS',
        headers: {
          origin: 'https://app.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,x-pow-seed,x-pow-nonce',
        },
      });
      assert.ok([200, 204].includes(preflight.status), String(preflight));
      const allowed = String(preflight.headers['access-control-allow-headers']).toLowerCase();
      assert.ok(allowed.includes('x-pow-seed') && allowed.includes('x-pow-nonce'), allowed);
      for (const origin of ['https://evil.example', 'https://app.example.evil.example', 'null']) {
        const answer = await stage.wire.get('/pow/challenge', { origin });
        assert.equal(answer.headers['access-control-allow-origin'], undefined, origin);
      }
    });
  },
  { stores: ['memory'], env: { PUBLIC_URL: 'https://relay.example', CORS_ORIGINS: 'https://app.example' } },
);

/** Whether the address has used up its ten challenges. */
async function spend(ask: () => Promise<number>): Promise<boolean> {
  const statuses = await Promise.all(Array.from({ length: 14 }, ask));
  return statuses.includes(429);
}

await onEveryStore(
  'addresses behind proxies',
  (stage) => {
    const from =
      (forwarded: string, address = '127.0.0.1') =>
      async () =>
        (await stage.client(address).get('/pow/challenge', { 'x-forwarded-for': forwarded })).status;

    test('a trusted proxy says who asks, counted from the right', async () => {
      assert.equal(await spend(from('203.0.113.1')), true);
      assert.equal(await from('203.0.113.2')(), 200, 'another client of the same proxy');
      assert.equal(
        await from('203.0.113.2, 203.0.113.1')(),
        429,
        'what stands left is only said by the client',
      );
      assert.equal(await from('203.0.113.1, 203.0.113.3')(), 200);
      assert.equal(
        await from('203.0.113.1, 127.0.0.1')(),
        429,
        'trusted proxies in the chain are passed over',
      );
    });

    test('who is no trusted proxy cannot say it is another', async () => {
      const address = '127.0.7.7';
      let n = 10;
      const ask = () => from(`203.0.113.${n++}`, address)();
      assert.equal(await spend(ask), true);
      assert.equal(await from('203.0.113.99', address)(), 429);
      assert.equal(await from('203.0.113.100')(), 200);
    });

    test('IPv4-mapped addresses are the IPv4 ones, IPv6 counts per /64', async () => {
      assert.equal(await spend(from('203.0.113.50')), true);
      assert.equal(await from('::ffff:203.0.113.50')(), 429);
      assert.equal(await from('::ffff:cb00:7132')(), 429);
      let n = 1;
      assert.equal(await spend(() => from(`2001:db8:1:2::${n++}`)()), true);
      assert.equal(await from('2001:db8:1:2:aaaa::1')(), 429);
      assert.equal(await from('2001:db8:1:3::1')(), 200);
    });

    test('what is no address does not make the server fail', async () => {
      for (const forwarded of [
        '',
        ',',
        'unknown',
        '999.1.1.1',
        'x'.repeat(5000),
        '::ffff:',
        '1.2.3.4:5678',
      ]) {
        const status = await from(forwarded)();
        assert.ok([200, 400, 429].includes(status), `${forwarded}: ${status}`);
      }
    });
  },
  {
    stores: ['memory'],
    concurrency: 1,
    env: { TRUSTED_PROXIES: '127.0.0.1', RELAY_LIMIT_CHALLENGES: '10', ADMIN_API_KEY: ADMIN },
  },
);

await onEveryStore(
  'Redis away',
  (stage) => {
    test('health says degraded with 503, writes are refused, and all is well when Redis is back', async () => {
      const identity = makeIdentity();
      const socket = await stage.wire.login(identity);
      await stage.redis.kill();
      await eventually('degraded', async () => {
        const answer = await stage.wire.get('/health');
        return answer.status === 503 && answer.json.status === 'degraded';
      });
      const health = await stage.wire.get('/health');
      assert.deepEqual(health.json.services, { relay: 'degraded' });
      assertRefused(await stage.wire.get('/pow/challenge'), 503, 'ERR_UNAVAILABLE');
      assertRefused(await stage.wire.get(`/keys/fetch?user=${identity.hash}`), 503, 'ERR_UNAVAILABLE');
      const work = { 'x-pow-seed': 'ab'.repeat(32), 'x-pow-nonce': '1' };
      const sent = await stage.wire.post('/relay', { to: identity.hash, body: 'x' }, work);
      assertRefused(sent, 503, 'ERR_UNAVAILABLE');
      socket.send({ type: 'relay', to: identity.hash, body: 'x', id: 1 });
      assert.equal((await socket.next(({ id }) => id === 1)).error, 'ERR_UNAVAILABLE');
      await stage.redis.restart();
      await eventually('ok', async () => (await stage.wire.get('/health')).status === 200);
      const again = await stage.wire.login(identity);
      await stage.wire.sendOnce(identity.hash, 'back');
      await again.next(({ payload }) => payload === 'back');
    });
  },
  { stores: ['redis'], env: { RELAY_LIMIT_FRAMES: '1000', RELAY_LIMIT_REQUESTS: '1000' } },
);
