import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { makeIdentity } from '@blindpost/testbed/keys';
import type { RecordingProxy } from '@blindpost/testbed/proxy';
import type { Wire } from '@blindpost/testbed/wire';
import { eventually, onEveryStore, type Stage } from './stage.js';

/** A client whose traffic is recorded. */
async function observe(stage: Stage): Promise<{ client: Wire; proxy: RecordingProxy }> {
  const proxy = await stage.proxy();
  return { client: stage.client(undefined, `http://127.0.0.1:${proxy.port}`), proxy };
}

/** Everything a client may offer. */
const COMPRESSIONS = { 'accept-encoding': 'gzip, deflate, br, zstd' };

function assertPadded(what: string, body: Buffer): void {
  assert.ok(body.length > 0 && body.length % 1536 === 0, `${what}: ${body.length} bytes`);
  const json = JSON.stringify(JSON.parse(body.toString()));
  assert.equal(
    body.length,
    Math.ceil(Buffer.byteLength(json) / 1536) * 1536,
    `${what}: no larger than needed`,
  );
}

/** Checks everything that the server sent on the recorded connections; answers how much that was. */
function inspect(proxy: RecordingProxy) {
  const statuses: string[] = [];
  let frames = 0;
  for (const recording of proxy.recordings) {
    const { messages, frames: sent } = recording.toClient;
    for (const { startLine, headers, body } of messages) {
      const status = startLine.split(' ')[1] ?? '';
      statuses.push(status);
      assert.equal(headers['content-encoding'], undefined, startLine);
      assert.equal(headers['sec-websocket-extensions'], undefined, 'permessage-deflate was taken');
      if (status !== '101') assertPadded(startLine, body);
    }
    for (const { fin, rsv1, rsv2, rsv3, opcode, payload } of sent) {
      assert.deepEqual([fin, rsv1, rsv2, rsv3], [true, false, false, false]);
      assert.ok([1, 2, 8].includes(opcode), `no frames but text, binary and close: ${opcode}`);
      if (opcode === 1) assertPadded('text frame', payload);
      if (opcode === 2)
        assert.ok(payload.length > 0 && payload.length % 1536 === 0, `binary: ${payload.length}`);
      frames += 1;
    }
  }
  return { statuses: new Set(statuses), frames };
}

await onEveryStore(
  'padding',
  (stage) => {
    test('every frame is a multiple of 1536 bytes and uncompressed, for clients that offer deflate', async () => {
      const { client, proxy } = await observe(stage);
      const [a, b] = [makeIdentity(), makeIdentity()];
      const options = { deflate: true };
      const early = await client.open(options);
      early.send({ type: 'ping', timestamp: 1 });
      await early.next('pong');
      early.send({ type: 'auth', identity_hash: 'none' });
      await early.next('error');
      const [from, to] = await Promise.all([client.login(a, options), client.login(b, options)]);
      for (const length of [0, 1, 1400, 1450, 1480, 1500, 1536, 3000, 20_000, 60_000]) {
        from.send({ type: 'relay', to: b.hash, body: 'p'.repeat(length), id: length });
        from.send({ type: 'relay', to: b.hash, body: 'ä€😀'.repeat(Math.ceil(length / 9)) });
        from.sendRaw(Buffer.concat([Buffer.from(b.hash), Buffer.alloc(length + 1, 9)]));
        await from.next('relay_success');
        await to.next('(binary)');
      }
      from.send({ type: 'group_multicast', targets: [{ to: b.hash, body: 'm' }] });
      from.send({ type: 'volatile_relay', to: b.hash, body: 'v' });
      from.send({ type: 'presence_allow', to: b.hash });
      from.send({ type: 'presence_update', status: 'here' });
      from.send({ type: 'dummy_pacing' });
      from.send({ type: 'ping', dummy: true, timestamp: 5 });
      from.sendRaw('{');
      const work = await client.work('padded-alias', { type: 'alias' });
      from.send({ type: 'subscribe_alias', alias: 'padded-alias', ...work });
      await from.next('alias_subscribed');
      await to.next('presence_update');
      to.terminate();
      const again = await client.login(b, options);
      await again.next('queued_message');
      await again.next('dummy_pacing');
      await client.burn(b);
      await again.closed();
      await from.close();
      await eventually('the close frames passed', () => inspect(proxy).frames > 60);
    });

    test('every JSON answer is a multiple of 1536 bytes and uncompressed: success, errors, health', async () => {
      const { client, proxy } = await observe(stage);
      const identity = makeIdentity();
      await client.upload(identity, { preKeys: 3 });
      await client.claimNickname(identity, `padded-${identity.hash.slice(0, 12)}`);
      const json = { 'content-type': 'application/json', ...COMPRESSIONS };
      const paths = [
        '/health',
        '/stats',
        '/pow/challenge',
        '/pow/challenge?type=nonsense',
        `/keys/fetch?user=${identity.hash}`,
        `/keys/fetch?hashes=${identity.hash}`,
        `/keys/fetch?user=${makeIdentity().hash}`,
        '/keys/fetch',
        '/keys/random?count=3',
        '/nickname/lookup?nick=nobody-here',
        '/no/such/route',
        '/no%zzroute',
        '/pow/challenge/../../x',
        `/${'long'.repeat(500)}`,
      ];
      for (const path of paths) await client.get(path, COMPRESSIONS);
      for (const path of [
        '/keys/upload',
        '/nickname/register',
        '/account/burn',
        '/relay',
        '/relay/multicast',
      ]) {
        await client.post(path, '{', json);
        await client.post(path, {}, json);
        await client.post(path, 'x', { ...json, 'content-type': 'text/plain' });
        await client.request(path, { method: 'GET', headers: COMPRESSIONS });
        await client.request(path, { method: 'DELETE', headers: COMPRESSIONS });
      }
      await client.post('/keys/upload', `"${'x'.repeat(70_000)}"`, json);
      await client.post('/relay', `"${'x'.repeat(2_000_000)}"`, json).catch(() => {});
      await client.get('/health', { host: 'elsewhere.example' });
      await client.open({ origin: 'https://evil.example' }).catch(() => {});
      await client.get('/ws', COMPRESSIONS);
      const { statuses } = inspect(proxy);
      for (const status of ['200', '400', '401', '403', '404', '413', '421']) {
        assert.ok(statuses.has(status), `${status} among ${[...statuses]}`);
      }
    });

    test('what is not even HTTP is answered with a padded error or not at all', async () => {
      const { proxy } = await observe(stage);
      for (const bytes of [
        'NONSENSE\r\n\r\n',
        'GET / HTTP/9.9\r\n\r\n',
        'GET /\u0000 HTTP/1.1\r\n\r\n',
        '\u0016\u0003\u0001\r\n\r\n',
      ]) {
        await new Promise<void>((resolve) => {
          const socket = connect(proxy.port, '127.0.0.1', () => socket.write(bytes));
          socket.on('data', () => {});
          socket.on('error', () => {});
          socket.once('close', () => resolve());
          socket.once('end', () => socket.end());
        });
      }
      const { statuses } = inspect(proxy);
      for (const status of statuses) assert.match(status, /^4\d\d$/);
    });

    test('two equal answers differ in their white space, on HTTP and on the socket', async () => {
      const { client, proxy } = await observe(stage);
      const bodies = await Promise.all([1, 2].map(() => client.get('/keys/fetch')));
      assert.deepEqual(bodies[0]?.json, bodies[1]?.json);
      assert.notDeepEqual(bodies[0]?.raw, bodies[1]?.raw);
      const socket = await client.login(makeIdentity());
      for (let n = 0; n < 2; n += 1) {
        socket.send({ type: 'ping', timestamp: 1 });
        await socket.next('pong');
      }
      const frames = proxy.recordings.flatMap(({ toClient }) =>
        toClient.frames.map(({ payload }) => payload.toString()),
      );
      const pongs = frames.filter((frame) => frame.includes('"pong"'));
      assert.equal(pongs.length, 2);
      assert.notEqual(pongs[0], pongs[1]);
    });
  },
  { own: true },
);

await onEveryStore(
  'padding of refusals by limits',
  (stage) => {
    test('429 is padded as well, as an answer, at the upgrade and as a frame', async () => {
      const { client, proxy } = await observe(stage);
      const socket = await client.login(makeIdentity());
      for (let n = 0; n < 30; n += 1) socket.send({ type: 'ping' });
      await socket.next('error');
      for (let n = 0; n < 30; n += 1) await client.get('/keys/fetch', COMPRESSIONS);
      await client.open().catch(() => {});
      await client.open().catch(() => {});
      assert.ok(inspect(proxy).statuses.has('429'));
    });
  },
  {
    env: { RELAY_LIMIT_FRAMES: '10', RELAY_LIMIT_REQUESTS: '10', RELAY_LIMIT_CONNECTIONS: '1' },
    stores: ['memory'],
  },
);

await onEveryStore(
  'padding while degraded',
  (stage) => {
    test('503 is padded as well, and so is the health that says so', async () => {
      const { client, proxy } = await observe(stage);
      const socket = await client.login(makeIdentity());
      await stage.redis.kill();
      await eventually('degraded', async () => (await client.get('/health', COMPRESSIONS)).status === 503);
      const refused = await client.get('/pow/challenge', COMPRESSIONS);
      assert.equal(refused.status, 503);
      socket.send({ type: 'relay', to: makeIdentity().hash, body: 'x', id: 1 });
      assert.equal((await socket.next('error')).error, 'ERR_UNAVAILABLE');
      assert.ok(inspect(proxy).statuses.has('503'));
    });
  },
  { stores: ['redis'], own: true },
);
