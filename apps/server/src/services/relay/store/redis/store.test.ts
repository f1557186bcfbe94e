import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type RedisServer, redisMissing, startRedis } from '@blindpost/testbed/redis';
import { systemRandom } from '../../../../platform/random.js';
import { RedisConnection } from '../../../../platform/redis/connection.js';
import { AesSealer } from '../../../../platform/secrets/sealer.js';
import { Unavailable } from '../../../../platform/unavailable.js';
import { bundle, CAPS, LIMITS, newName, ownerOf, queued, text } from '../contract/bench.js';
import { live, OWNER_DEEDS } from '../contract/deeds.js';
import type { RelayStoreLimits } from '../store.js';
import { RELAY_LIBRARY, RedisRelayStore } from './index.js';

const FULL = { status: 'full', scope: 'memory' };
/** What stands in the record only until the owner has been away for `ttlMs`. */
const KEPT = ['id', 'bundle', 'prekeys', 'spent', 'nicknames', 'aliases', 'grants'];
const SOON = 1_000_000;
const clock = { now: () => Date.now() };
const sealer = new AesSealer(randomBytes(32));

describe('relay store on Redis', { skip: await redisMissing() }, () => {
  let server: RedisServer;
  let redis: RedisConnection;
  const stores: RedisRelayStore[] = [];
  const connect = () => RedisConnection.open({ url: server.url, libraries: [RELAY_LIBRARY] });
  const open = async (limits: Partial<RelayStoreLimits> = {}, connection = redis) => {
    const store = await RedisRelayStore.open(connection, { ...LIMITS, ...limits }, sealer, systemRandom);
    stores.push(store);
    return store;
  };
  const send = (...command: string[]) => redis.send(command);
  const keys = async () => {
    const reply = await send('KEYS', '*');
    assert.ok(Array.isArray(reply));
    return reply.map(String);
  };
  const expiresSoon = async (key: string) => Number(await send('PTTL', key)) <= SOON;

  before(async () => {
    server = await startRedis();
    redis = await connect();
  });
  beforeEach(() => send('FLUSHALL'));
  after(async () => {
    for (const store of stores) await store.close();
    await redis.close();
    await server.stop();
  });

  for (const [deed, perform] of Object.entries(OWNER_DEEDS)) {
    test(`${deed} renews everything in the owner's record`, async () => {
      const store = await open();
      const life = await live(clock, store);
      const kept = KEPT.map((part) => `bp:{${life.name}}:${part}`);
      for (const key of kept) assert.equal(await send('PEXPIRE', key, `${SOON}`), 1, key);
      await perform(store, life, clock);
      for (const key of kept) assert.equal(await expiresSoon(key), false, key);
    });
  }

  for (const deed of ['admit', 'resume'] as const) {
    test(`${deed} renews what stands under other names`, async () => {
      const store = await open();
      const life = await live(clock, store);
      const entries = [`bp:{${life.alias}}:alias`, `bp:{${life.nickname}}:nickname`];
      const index = ['bp:{discoverable}:due', 'bp:{discoverable}:entries'];
      for (const key of [...entries, ...index]) assert.equal(await send('PEXPIRE', key, `${SOON}`), 1, key);
      await OWNER_DEEDS[deed]?.(store, life, clock);
      for (const key of [...entries, ...index]) assert.equal(await expiresSoon(key), false, key);
    });
  }

  test('a message renews the mark and its mailbox, nothing else', async () => {
    const store = await open();
    const { name } = await live(clock, store);
    for (const key of await keys()) await send('PEXPIRE', key, `${SOON}`);
    await store.append(name, text('x'), false);
    for (const key of await keys()) {
      const renewed = ['id', 'mail', 'bodies', 'senders'].some((part) => key === `bp:{${name}}:${part}`);
      assert.equal(await expiresSoon(key), !renewed, key);
    }
  });

  test('no key lives for ever, and none longer than it may', async () => {
    const store = await open();
    const { name } = await live(clock, store);
    const left = new Map<string, number>();
    for (const key of await keys()) left.set(key, Number(await send('PTTL', key)));
    for (const [key, ttl] of left) assert.ok(ttl > 0 && ttl <= LIMITS.ttlMs, `${key} has ${ttl}`);
    assert.ok((left.get(`bp:{${name}}:sessions`) ?? 0) <= 3_600_000);
    assert.ok((left.get(`bp:{${name}}:takes`) ?? 0) <= CAPS.windowMs);
  });

  test('tags are HMAC-SHA-1 under the key of the record, cut to 80 bits', async () => {
    const store = await open();
    const [name, peer] = [newName(), newName()];
    await store.own(name);
    await store.grant(await ownerOf(store, name), peer, 'sealed');
    const inner = Buffer.from(String(await send('HGET', `bp:{${name}}:id`, 'inner')));
    const key = inner.map((byte) => byte ^ 0x36);
    const expected = createHmac('sha1', key).update(peer).digest('hex').slice(0, 20);
    assert.deepEqual(await send('HKEYS', `bp:{${name}}:grants`), [expected]);
  });

  test('a nickname or alias whose owner is gone reads as absent and is erased when met', async () => {
    const store = await open();
    const { name, alias, nickname } = await live(clock, store);
    await send('DEL', `bp:{${name}}:id`);
    assert.equal(await store.lookupNickname(nickname), null);
    assert.equal((await store.append(alias, text('x'), false)).status, 'absent');
    assert.equal(await send('EXISTS', `bp:{${nickname}}:nickname`, `bp:{${alias}}:alias`), 0);
  });

  test('references that a crash left behind are cleared by the next login', async () => {
    const store = await open({ nicknames: 1 });
    const life = await live(clock, store);
    await send('DEL', `bp:{${life.nickname}}:nickname`);
    const claim = { owner: life.name, proven: true, sealed: 'x' };
    assert.equal(await store.claimNickname(newName(), claim), 'limit');
    await store.resume(life.name, life.token);
    assert.equal(await store.claimNickname(newName(), claim), 'ok');
  });

  test('a decoy entry that a crash left behind is never drawn', async () => {
    const store = await open();
    const [shown, hidden, burnt] = [newName(), newName(), newName()];
    for (const name of [shown, hidden, burnt]) await store.putBundle(name, bundle('a', 1, name));
    const entries = 'bp:{discoverable}:entries';
    const left = [hidden, burnt].map(
      async (name) => [name, String(await send('HGET', entries, name))] as const,
    );
    const stale = await Promise.all(left);
    await store.putBundle(hidden, bundle('a', 1));
    await store.burn(burnt);
    for (const [name, entry] of stale) await send('HSET', entries, name, entry);
    assert.deepEqual(await store.randomDiscoverable(3), [shown]);
    assert.deepEqual(await send('HKEYS', entries), [shown]);
  });

  test('two instances agree: one owner per nickname, one taker per prekey', async () => {
    const second = await connect();
    const both = [await open(), await open({}, second)];
    const [nickname, name] = [newName(), newName()];
    await both[0]?.putBundle(name, bundle('a', 60));
    const caps = { ...CAPS, perTarget: 1_000 };
    const claims = both.flatMap((store) =>
      Array.from({ length: 20 }, () =>
        store.claimNickname(nickname, { owner: newName(), proven: false, sealed: 'x' }),
      ),
    );
    const takes = both.flatMap((store) =>
      Array.from({ length: 30 }, () => store.takeBundle(name, newName(), caps)),
    );
    assert.equal((await Promise.all(claims)).filter((outcome) => outcome === 'ok').length, 1);
    const preKeys = (await Promise.all(takes)).map((taken) => taken?.preKey);
    assert.equal(new Set(preKeys).size, 60);
    assert.ok(!preKeys.includes(null));
    await second.close();
  });

  test('over the bound on memory messages are refused, after the quotas, until there is room again', async () => {
    const used = Number(/used_memory:(\d+)/.exec(String(await send('INFO', 'memory')))?.[1]);
    const store = await open({ memoryBytes: used + 8_000_000 });
    const name = newName();
    assert.equal((await store.append(name, text('x'), true)).status, 'ok');
    await send('SET', 'ballast', 'x'.repeat(16_000_000));
    await until(async () => (await store.append(name, text('x', newName()), true)).status === 'full');
    await send('DEL', 'ballast');
    await until(async () => (await store.append(newName(), text('x'), true)).status === 'ok');
  });

  test('a Redis without memory refuses messages, but lets their owners fetch and erase', async () => {
    const store = await open();
    const { name, token } = await live(clock, store);
    await send('CONFIG', 'SET', 'maxmemory', '1mb');
    try {
      assert.deepEqual(await store.append(name, text('x'), true), FULL);
      await assert.rejects(store.own(newName()), Unavailable);
      assert.equal((await store.resume(name, token))?.by, 'key');
      const [message] = await store.read(name, 0, 1, 1_000);
      assert.equal(await store.ack(name, [message?.id ?? '']), 1);
      await store.burn(name);
      assert.deepEqual(await keys(), []);
    } finally {
      await send('CONFIG', 'SET', 'maxmemory', '0');
    }
  });

  test('totals of a large store come in slices and are complete after some calls', async () => {
    const store = await open();
    const identities = 3_000;
    const append = () => store.append(newName(), text('x'), true);
    for (let sent = 0; sent < identities; sent += 500) await Promise.all(Array.from({ length: 500 }, append));
    assert.ok((await store.totals()).identities < identities, 'the first call sees a slice');
    const expected = { identities, messages: identities, bytes: identities * (1 + 3 + 128) };
    await until(async () => (await store.totals()).identities === identities);
    assert.deepEqual(await store.totals(), expected);
  });

  test('a Redis that is gone makes every verb unavailable, and the store unhealthy', async () => {
    const store = await open();
    const name = newName();
    await store.append(name, text('x'), true);
    assert.equal(store.healthy(), true);
    await server.kill();
    const session = { by: 'work', tokenHash: newName(), expiresAt: Date.now() + 1_000 } as const;
    for (const verb of [
      () => store.admit(name, session),
      () => store.resume(name, newName()),
      () => store.append(name, text('x'), true),
      () => store.read(name, 0, 1, 1),
      () => store.ack(name, []),
      () => store.claimNickname(newName(), { owner: name, proven: false, sealed: 'x' }),
      () => store.randomDiscoverable(1),
      () => store.burn(name),
      () => store.totals(),
    ]) {
      await assert.rejects(verb, Unavailable);
    }
    assert.equal(store.healthy(), false);
    await server.restart();
    await until(async () => store.healthy());
    assert.deepEqual(await queued(store, name), []);
  });
});

/** Waits for what comes by itself; a test that waits in vain is ended by the runner. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await setTimeout(20);
}
