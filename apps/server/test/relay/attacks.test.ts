import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { makeIdentity } from '@blindpost/testbed/keys';
import type { WireFrame, WireSocket } from '@blindpost/testbed/wire-socket';
import { assertError, assertRefused, member } from './answers.js';
import { onEveryStore, type Stage } from './stage.js';

/** 40 KB of JSON that is 168 KB when its numbers are written out. */
const GROWING = `[${Array(8000).fill('1e20')}]`;
const LARGE = JSON.stringify('x'.repeat(60 * 1024));

/** A frame whose body is JSON as given: `JSON.stringify` would write the numbers out already here. */
const raw = (type: string, to: string, body: string, id: number | string) =>
  `{"type":"${type}","to":"${to}","id":${JSON.stringify(id)},"body":${body}}`;

const answers = (id: number | string) => (frame: WireFrame) => frame.id === id;
const fresh = () => `planted.${randomBytes(8).toString('hex')}`;

async function subscribe(stage: Stage, socket: WireSocket, alias: string): Promise<void> {
  const work = await stage.wire.work(alias, { type: 'alias' });
  socket.send({ type: 'subscribe_alias', alias, ...work });
  await socket.next('alias_subscribed');
}

await onEveryStore('attacks without limits', (stage) => {
  for (const [name, body] of Object.entries({ 'large bodies': LARGE, 'bodies that grow': GROWING })) {
    test(`a flood of volatile frames, ${name}, closes no victim that reads, and its mail still comes`, async () => {
      const victim = makeIdentity();
      const live = await stage.wire.login(victim);
      const flooders = await Promise.all(Array.from({ length: 3 }, () => stage.wire.login(makeIdentity())));
      for (const flooder of flooders) {
        for (let n = 0; n < 16; n += 1) flooder.sendRaw(raw('volatile_relay', victim.hash, body, n));
      }
      await stage.wire.sendOnce(victim.hash, 'amid the flood');
      await live.next(({ payload }) => payload === 'amid the flood');
      for (const flooder of flooders) {
        for (let n = 0; n < 16; n += 1) await flooder.next(answers(n));
      }
      await stage.wire.sendOnce(victim.hash, 'after the flood');
      await live.next(({ payload }) => payload === 'after the flood');
      await live.settle();
      assert.equal(live.open, true);
    });
  }

  test('a body that grows past 64 KiB when written out is too large, and nothing is queued', async () => {
    const recipient = makeIdentity();
    const sender = await stage.wire.login(makeIdentity());
    for (const type of ['relay', 'send_message', 'own_type']) {
      sender.sendRaw(raw(type, recipient.hash, GROWING, type));
      assertError(await sender.next(answers(type)), 'ERR_TOO_LARGE', 'body', type);
    }
    // The first target is good: a multicast is refused as a whole or not at all.
    const targets = `[{"to":"${recipient.hash}","body":1},{"to":"${recipient.hash}","body":${GROWING}}]`;
    sender.sendRaw(`{"type":"group_multicast","id":"many","targets":${targets}}`);
    assertError(await sender.next(answers('many')), 'ERR_TOO_LARGE', undefined, 'many');
    const once = await stage.wire.post(
      '/relay',
      `{"to":"${recipient.hash}","body":${GROWING}}`,
      await stage.wire.paid(recipient.hash, { type: 'relay' }),
    );
    assertRefused(once, 413, 'ERR_TOO_LARGE');
    await stage.wire.sendOnce(recipient.hash, 'small');
    const mail = await stage.wire.login(recipient);
    await mail.next('queued_message');
    await mail.settle();
    const queued = mail.of('queued_message').map(({ payload }) => payload);
    assert.deepEqual(queued, ['small']);
  });

  const bad: Record<string, (hash: string) => Promise<object>> = {
    'a bad token and no work': async () => ({ session_token: 'ab'.repeat(32) }),
    'no proof at all': async () => ({}),
    'an unknown seed': async () => ({ seed: '0'.repeat(64), nonce: '1' }),
    'a signature of another key': async (hash) => {
      const { publicKey: identityKey, sign } = makeIdentity();
      const work = await stage.wire.work(hash, { type: 'auth', identity_hash: hash });
      return { ...work, identityKey, signature: sign(`AUTH:${stage.wire.host}:${work.seed}:${hash}`) };
    },
  };
  for (const [name, prove] of Object.entries(bad)) {
    test(`a login that fails by ${name} closes 1008; a good one right behind it is not looked at`, async () => {
      const victim = makeIdentity();
      await stage.wire.upload(victim);
      const second = await stage.wire.credentials(makeIdentity());
      const proof = await prove(victim.hash);
      const socket = await stage.wire.open();
      socket.send({ type: 'auth', payload: { identity_hash: victim.hash, ...proof } });
      socket.send({ type: 'auth', payload: second });
      assert.equal((await socket.closed()).code, 1008);
      const [refused, ...more] = socket.unread();
      assert.equal(refused?.type, 'error');
      assert.deepEqual(more, []);
      // Nobody listens for the victim: a volatile frame finds no one.
      const sender = await stage.wire.login(makeIdentity());
      sender.send({ type: 'volatile_relay', to: victim.hash, body: 'anybody?', id: 1 });
      assertError(await sender.next(answers(1)), 'ERR_NOT_FOUND', undefined, 1);
    });
  }

  test('what work planted before the owner came is gone: grants, aliases, nicknames', async () => {
    const [owner, stranger] = [makeIdentity(), makeIdentity()];
    const ears = await stage.wire.login(stranger);
    const squatter = await stage.wire.login(owner, { by: 'work' });
    squatter.send({ type: 'presence_allow', to: stranger.hash });
    await squatter.next('presence_ok');
    const alias = fresh();
    await subscribe(stage, squatter, alias);
    const planted = Array.from({ length: 3 }, () => `plant-${randomBytes(6).toString('hex')}`);
    for (const nickname of planted) {
      assert.equal((await stage.wire.claimNickname(owner, nickname, false)).status, 200);
    }
    const mine = await stage.wire.login(owner);
    assert.equal((await squatter.closed()).code, 1008);

    const nickname = `owner-${randomBytes(6).toString('hex')}`;
    const claimed = await stage.wire.claimNickname(owner, nickname);
    assert.equal(claimed.status, 200, String(claimed));
    for (const each of planted) {
      assertRefused(await stage.wire.get(`/nickname/lookup?nick=${each}`), 404, 'ERR_NOT_FOUND');
    }
    mine.send({ type: 'presence_update', status: 'for nobody' });
    await mine.next('presence_ok');
    await stage.wire.sendOnce(stranger.hash, 'marker');
    await ears.next(({ payload }) => payload === 'marker');
    assert.deepEqual(ears.of('presence_update'), []);

    assertRefused(await stage.wire.sendOnce(alias, 'astray'), 404, 'ERR_NOT_FOUND');
    ears.send({ type: 'relay', to: alias, body: 'astray', id: 1 });
    assertError(await ears.next(answers(1)), 'ERR_NOT_FOUND', undefined, 1);
    await mine.settle();
    assert.deepEqual(mine.of('msg'), []);
  });
});

await onEveryStore(
  'attacks on the limits',
  (stage) => {
    test('300 acks that free nothing are refused in time, and jail nobody', async () => {
      const client = stage.client('127.0.6.1');
      const socket = await client.login(makeIdentity());
      for (let n = 0; n < 300; n += 1) {
        socket.send({ type: 'delivery_ack', ids: [randomBytes(16).toString('hex')] });
      }
      socket.send({ type: 'ping', id: 'end' });
      await socket.next(({ type, id }) => type === 'pong' || id === 'end');
      const refused = socket.of('error');
      assert.ok(refused.length > 0, 'acks that free nothing are limited');
      for (const each of refused) {
        assertError(each, 'ERR_RATE_LIMIT');
        assert.equal(member(each.details, 'jailed'), false);
      }
      assert.equal(socket.open, true);
      await client.login(makeIdentity());
    });

    test('a socket of an address that another socket got jailed is closed 1008 at its next ack', async () => {
      const client = stage.client('127.0.6.2');
      const bystander = await client.login(makeIdentity());
      const guilty = await client.login(makeIdentity());
      for (let n = 0; n < 100; n += 1) guilty.send({ type: 'ping', timestamp: n });
      assert.equal((await guilty.closed()).code, 1008);
      assert.equal(bystander.open, true);
      bystander.send({ type: 'delivery_ack', ids: [randomBytes(16).toString('hex')] });
      assert.equal((await bystander.closed()).code, 1008);
    });

    test('of three text frames of 60 KB two pass: each costs eight of twenty', async () => {
      const sender = await stage.client('127.0.6.3').login(makeIdentity());
      const { hash } = makeIdentity();
      for (let n = 0; n < 3; n += 1) sender.sendRaw(raw('relay', hash, LARGE, n));
      assert.equal((await sender.next(answers(0))).status, 'queued');
      assert.equal((await sender.next(answers(1))).status, 'queued');
      assertError(await sender.next(answers(2)), 'ERR_RATE_LIMIT', undefined, 2);
    });

    test('of three binary frames of 60 KB two pass', async () => {
      const sender = await stage.client('127.0.6.4').login(makeIdentity());
      const frame = Buffer.concat([Buffer.from(makeIdentity().hash), Buffer.alloc(60 * 1024)]);
      for (let n = 0; n < 3; n += 1) sender.sendRaw(frame);
      assertError(await sender.next('error'), 'ERR_RATE_LIMIT');
      assert.equal(sender.of('relay_success').length, 2);
    });

    test('small frames cost one: all twenty pass, the login among them', async () => {
      const sender = await stage.client('127.0.6.5').login(makeIdentity());
      const { hash } = makeIdentity();
      for (let n = 0; n < 19; n += 1) sender.sendRaw(raw('relay', hash, '"small"', n));
      for (let n = 0; n < 19; n += 1) assert.equal((await sender.next(answers(n))).status, 'queued');
    });
  },
  { env: { RELAY_LIMIT_FRAMES: '20', RELAY_LIMIT_JAIL: '3' } },
);
