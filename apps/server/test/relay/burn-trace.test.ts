import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeIdentity, type TestIdentity } from '@blindpost/testbed/keys';
import type { Wire } from '@blindpost/testbed/wire';
import { createClient, RESP_TYPES } from '@redis/client';
import { eventually, onEveryStore } from './stage.js';

/** Everything in the store: each key, and each value as Redis would dump it, uncompressed. */
async function dump(url: string): Promise<{ keys: Map<string, Buffer>; channels: string[] }> {
  const client = await createClient({ url })
    .withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
    .connect();
  try {
    await client.sendCommand(['CONFIG', 'SET', 'rdbcompression', 'no']);
    const keys = new Map<string, Buffer>();
    for (const key of buffers(await client.sendCommand(['KEYS', '*']))) {
      const value = await client.sendCommand(['DUMP', key]);
      if (Buffer.isBuffer(value)) keys.set(key.toString('latin1'), value);
    }
    const channels = buffers(await client.sendCommand(['PUBSUB', 'SHARDCHANNELS']));
    return { keys, channels: channels.map((name) => name.toString('latin1')) };
  } finally {
    client.destroy();
  }
}

function buffers(reply: unknown): Buffer[] {
  assert.ok(Array.isArray(reply));
  return reply.filter((each) => Buffer.isBuffer(each));
}

/** Uses every part of the relay that leaves something behind. */
async function liveALife(client: Wire, identity: TestIdentity, peer: TestIdentity, name: string) {
  await client.upload(identity, { preKeys: 5, discoverable: true });
  await client.claimNickname(identity, name);
  await client.get(`/keys/fetch?user=${identity.hash}`);
  const socket = await client.login(identity);
  const work = await client.work(`alias.${name}`, { type: 'alias' });
  socket.send({ type: 'subscribe_alias', alias: `alias.${name}`, ...work });
  await socket.next('alias_subscribed');
  socket.send({ type: 'presence_allow', to: peer.hash });
  socket.send({ type: 'presence_subscribe', to: peer.hash });
  await socket.next('presence_ok');
  await socket.next('presence_ok');
  socket.send({ type: 'relay', to: peer.hash, body: 'to the peer', id: 1 });
  await socket.next('delivery_status');
  await client.sendOnce(`alias.${name}`, 'by alias');
  // What is sent is for the recipient to encrypt; the relay keeps it as it comes.
  await client.sendOnce(identity.hash, `queued for ${[...name].reverse().join('')}`);
  await socket.next('msg');
  await socket.next('msg');
  return socket;
}

await onEveryStore(
  'burn leaves no trace',
  (stage) => {
    test('no key and no value of the identity is left in Redis, whatever it did before', async () => {
      const [witness, victim, peer] = [makeIdentity(), makeIdentity(), makeIdentity()];
      const peerSocket = await stage.wire.login(peer);
      // What the server keeps for all, and for this address, exists from here on.
      await liveALife(stage.wire, witness, peer, 'witness-name');
      const before = await dump(stage.redis.url);
      const socket = await liveALife(stage.wire, victim, peer, 'victim-name');
      const during = await dump(stage.redis.url);
      const own = [...during.keys.keys()].filter((key) => !before.keys.has(key));
      assert.ok(own.length > 3, `the identity has keys of its own: ${own}`);

      assert.equal((await stage.wire.burn(victim)).status, 200);
      const after = await dump(stage.redis.url);
      const left = [...after.keys.keys()].filter((key) => !before.keys.has(key));
      assert.deepEqual(left, []);

      // Names that stand in its keys alone (blinded by a secret the test does not have), and all clear ones.
      const shared = [...before.keys.keys()].join(' ');
      const blinded = own.flatMap((key) => key.match(/[A-Za-z0-9_-]{16,}/g) ?? []);
      const names = [...blinded.filter((name) => !shared.includes(name)), 'victim-name', 'alias.victim-name'];
      const secrets = [
        victim.hash,
        victim.publicKey,
        socket.token,
        `queued for ${[...'victim-name'].reverse().join('')}`,
        ...names,
      ];
      const forms = secrets.flatMap((text) => [
        Buffer.from(text),
        ...(/^[0-9a-f]{16,}$/.test(text) ? [Buffer.from(text, 'hex')] : []),
        ...(text === victim.publicKey ? [Buffer.from(text, 'base64')] : []),
      ]);
      assert.ok(blinded.length > 0, 'there are blinded names to look for');
      for (const [key, value] of after.keys) {
        for (const form of forms) {
          assert.equal(key.includes(form.toString('latin1')), false, `${form} in the key ${key}`);
          assert.equal(value.includes(form), false, `${form} in the value of ${key}`);
        }
      }

      assert.equal((await socket.closed()).code, 1008);
      await eventually('nobody listens for it', async () => {
        const { channels } = await dump(stage.redis.url);
        return channels.every((channel) => before.channels.includes(channel));
      });
      await peerSocket.settle();
    });

    test('even while it is alive nothing clear stands in Redis', async () => {
      const [identity, peer] = [makeIdentity(), makeIdentity()];
      const socket = await liveALife(stage.wire, identity, peer, 'clear-name');
      const { keys } = await dump(stage.redis.url);
      for (const secret of [identity.hash, peer.hash, 'clear-name', socket.token]) {
        const raw = /^[0-9a-f]+$/.test(secret) ? Buffer.from(secret, 'hex') : Buffer.from(secret);
        for (const [key, value] of keys) {
          // The bundle is public and names its owner; everything else is blinded.
          const bundle = value.includes('pq_identityKey');
          assert.equal(key.includes(secret), false, `${secret} in the key ${key}`);
          if (bundle) continue;
          assert.equal(
            value.includes(secret) || value.includes(raw),
            false,
            `${secret} in the value of ${key}`,
          );
        }
      }
    });

    test('its live socket on another instance is closed 1008', async () => {
      const elsewhere = stage.client(undefined, (await stage.another()).url);
      const identity = makeIdentity();
      const socket = await elsewhere.login(identity);
      assert.equal((await stage.wire.burn(identity)).status, 200);
      assert.equal((await socket.closed()).code, 1008);
      const { frame } = await elsewhere.tryLogin({
        identity_hash: identity.hash,
        session_token: socket.token,
      });
      assert.equal(frame.error, 'ERR_UNAUTHORIZED');
    });

    test('what races with the burn is gone or whole, never half', async () => {
      for (let n = 0; n < 5; n += 1) {
        const identity = makeIdentity();
        await stage.wire.upload(identity);
        const sends = Promise.all(
          Array.from({ length: 10 }, (_, k) => stage.wire.sendOnce(identity.hash, k)),
        );
        await stage.wire.burn(identity);
        await sends;
        assert.equal((await stage.wire.get(`/keys/fetch?user=${identity.hash}`)).status, 404);
        await stage.wire.burn(identity);
        const socket = await stage.wire.login(identity);
        await socket.settle();
        assert.deepEqual(socket.of('queued_message'), []);
      }
    });
  },
  {
    stores: ['redis'],
    concurrency: 1,
    env: { RELAY_LIMIT_FRAMES: '100000', RELAY_LIMIT_REQUESTS: '100000', RELAY_LIMIT_CHALLENGES: '100000' },
  },
);
