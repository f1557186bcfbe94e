import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import type { Wire } from '@blindpost/testbed/wire';
import { eventually, onEveryStore, SCALE, type Stage } from './stage.js';
import { Reader, Stream } from './traffic.js';

const KILLS = Math.max(20, Math.round(1000 * SCALE));

/** Kills the reader while three senders write to it all the time. */
async function killLive(readers: () => Wire, senders: () => Wire): Promise<void> {
  const reader = new Reader();
  const streams = ['a', 'b', 'c'].map((name) => new Stream(name, reader.identity.hash));
  let done = false;
  const writing = streams.map(async (stream) => {
    while (!done) await stream.send(senders(), 4);
  });
  for (let kill = 0; kill < KILLS; kill += 1) await reader.live(readers(), randomInt(10));
  done = true;
  await Promise.all(writing);
  await reader.check(readers(), streams);
  for (const { accepted } of streams) assert.ok(accepted.length > 0, 'messages were sent');
}

/** Kills the reader while it drains what was queued in its absence. */
async function killDrain(readers: () => Wire, senders: () => Wire): Promise<void> {
  const reader = new Reader();
  const streams = ['a', 'b', 'c'].map((name) => new Stream(name, reader.identity.hash));
  for (let kill = 0; kill < KILLS; kill += 1) {
    if (kill % 5 === 0) {
      if (kill > 0) await reader.check(readers(), streams);
      await Promise.all(streams.map((stream) => stream.send(senders(), 25)));
    }
    // Five times at most 14 of the 75: the queue is never empty, so a life always ends by the kill.
    await reader.live(readers(), randomInt(15));
  }
  await reader.check(readers(), streams);
}

/** Where the next connection goes: any of the servers. */
function alternating(stage: Stage, urls: string[]): () => Wire {
  const clients = urls.map((url) => stage.client(undefined, url));
  return () => clients[randomInt(clients.length)] ?? stage.wire;
}

await onEveryStore('no loss on one server', (stage) => {
  const wire = () => stage.wire;

  test(`${KILLS} kills of the receiving socket during live delivery lose nothing and keep the order`, () =>
    killLive(wire, wire));

  test(`${KILLS} kills of the receiving socket during a drain lose nothing and keep the order`, () =>
    killDrain(wire, wire));
});

await onEveryStore(
  'no loss between servers',
  (stage) => {
    test(`${KILLS} kills on two servers in turn lose nothing, live and draining`, async () => {
      const other = await stage.another();
      const any = alternating(stage, [stage.url, other.url]);
      await Promise.all([killLive(any, any), killDrain(any, any)]);
    });

    test('a reader that stays on one server gets what is written at the other, in order', async () => {
      const other = await stage.another();
      const reader = new Reader();
      await reader.attend(stage.wire);
      const elsewhere = stage.client(undefined, other.url);
      const streams = ['a', 'b', 'c'].map((name) => new Stream(name, reader.identity.hash));
      for (let n = 0; n < 10; n += 1) await Promise.all(streams.map((stream) => stream.send(elsewhere, 10)));
      await reader.check(stage.wire, streams);
      for (const { accepted } of streams) assert.equal(accepted.length, 100);
    });

    test('Redis dropped and back: what was accepted arrives, without another login', async () => {
      const proxy = await stage.proxy(new URL(stage.redis.url).host, { record: false });
      const env = { RELAY_REDIS_URL: `redis://127.0.0.1:${proxy.port}` };
      const [near, far] = await Promise.all([stage.another(env), stage.another(env)]);
      const reader = new Reader();
      const home = stage.client(undefined, near.url);
      const away = stage.client(undefined, far.url);
      const socket = await reader.attend(home);
      const streams = ['a', 'b', 'c'].map((name) => new Stream(name, reader.identity.hash));
      let done = false;
      const writing = streams.map(async (stream, n) => {
        while (!done) await stream.send(n === 0 ? home : away, 5);
      });
      const health = (status: number) => async () => (await home.get('/health')).status === status;
      const drops = Math.max(3, Math.round(KILLS / 15));
      for (let drop = 0; drop < drops; drop += 1) {
        const before = streams.map(({ accepted }) => accepted.length);
        await eventually('messages flow', () =>
          streams.every((each, n) => each.accepted.length > (before[n] ?? 0) + 5),
        );
        if (drop % 2 === 0) proxy.cut();
        else {
          proxy.refuse();
          await eventually('degraded', health(503));
          proxy.allow();
        }
        await eventually('ok again', health(200));
      }
      done = true;
      await Promise.all(writing);
      assert.equal(socket.open, true, 'the drop of Redis is no reason to drop the clients');
      await reader.check(home, streams);
    });
  },
  { stores: ['redis'], own: true },
);
