import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeIdentity } from '@blindpost/testbed/keys';
import { createClient } from '@redis/client';
import { onEveryStore, type Stage } from './stage.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Milliseconds that each key has to live; -1 for ever. */
async function lives(
  stage: Stage,
  shorten?: (ttl: number) => number | undefined,
): Promise<Map<string, number>> {
  const client = await createClient({ url: stage.redis.url }).connect();
  try {
    const found = new Map<string, number>();
    for (const key of await client.keys('*')) {
      const ttl = await client.pTTL(key);
      const shorter = shorten?.(ttl);
      if (shorter !== undefined) await client.pExpire(key, shorter);
      found.set(key, shorter ?? ttl);
    }
    return found;
  } finally {
    client.destroy();
  }
}

const newIn = (after: Map<string, number>, before: Map<string, number>) =>
  [...after].filter(([key]) => !before.has(key)).map(([, ttl]) => ttl);

await onEveryStore(
  'time to live',
  (stage) => {
    test('a challenge lives 60 s, everything else at most 30 days, nothing for ever', async () => {
      const empty = await lives(stage);
      await stage.wire.challenge();
      const [seed, ...more] = newIn(await lives(stage), empty);
      assert.deepEqual(more, []);
      assert.ok(seed !== undefined && seed > 50_000 && seed <= 60_000, `${seed}`);

      const identity = makeIdentity();
      await stage.wire.upload(identity, { discoverable: true });
      await stage.wire.claimNickname(identity, 'long-lived-name');
      const socket = await stage.wire.login(identity);
      const work = await stage.wire.work('long-lived-alias', { type: 'alias' });
      socket.send({ type: 'subscribe_alias', alias: 'long-lived-alias', ...work });
      await socket.next('alias_subscribed');
      await stage.wire.sendOnce(identity.hash, 'x');
      const all = await lives(stage);
      for (const [key, ttl] of all) assert.ok(ttl > 0 && ttl <= 30 * DAY, `${key}: ${ttl}`);
      assert.ok(
        [...all.values()].some((ttl) => ttl > 30 * DAY - HOUR),
        'the bundle lives 30 days',
      );
    });

    test('a login renews what lives for days: the mark, the bundle, nickname and alias', async () => {
      const identity = makeIdentity();
      await stage.wire.upload(identity, { discoverable: true });
      await stage.wire.claimNickname(identity, 'renewed-name');
      const socket = await stage.wire.login(identity);
      const work = await stage.wire.work('renewed-alias', { type: 'alias' });
      socket.send({ type: 'subscribe_alias', alias: 'renewed-alias', ...work });
      await socket.next('alias_subscribed');
      await stage.wire.sendOnce(identity.hash, 'x');
      await socket.next('msg');
      const others = await lives(stage);
      const own = makeIdentity();
      await stage.wire.upload(own, { discoverable: true });
      await stage.wire.claimNickname(own, 'renewed-too-name');
      const mine = [...(await lives(stage, (ttl) => (ttl > DAY ? DAY : undefined))).keys()].filter(
        (key) => !others.has(key),
      );
      assert.ok(mine.length > 2);
      await stage.wire.login(own);
      const renewed = await lives(stage);
      const short = mine.filter(
        (key) => (renewed.get(key) ?? 30 * DAY) <= DAY && (renewed.get(key) ?? 0) > 2 * HOUR,
      );
      assert.deepEqual(short, []);
    });

    test('a message renews the mark of the owner with the mailbox, so that no mailbox outlives it', async () => {
      const identity = makeIdentity();
      await stage.wire.upload(identity);
      await lives(stage, (ttl) => (ttl > DAY ? 3_000 : undefined));
      await stage.wire.sendOnce(identity.hash, 'after days of silence');
      // The bundle of 3 s is gone when a socket that came after it has met its deadlines.
      for (let n = 0; n < 2; n += 1) await (await stage.wire.open()).closed();
      assert.equal((await stage.wire.get(`/keys/fetch?user=${identity.hash}`)).status, 404);
      const { frame } = await stage.wire.tryLogin(await stage.wire.credentials(identity, 'work'));
      assert.equal(frame.error, 'ERR_FORBIDDEN');
      const owner = await stage.wire.login(identity);
      await owner.next(({ payload }) => payload === 'after days of silence');
    });
  },
  { stores: ['redis'], concurrency: 1, own: true },
);
