import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type RedisServer, redisMissing, startRedis } from '@blindpost/testbed/redis';
import { startServer, type TestServer } from '@blindpost/testbed/server';
import { People, until } from './people.js';

const SCALE = Number(process.env.TEST_SCALE ?? 0.05);

describe('two instances on one Redis', { skip: await redisMissing() }, () => {
  let redis: RedisServer;
  let servers: TestServer[];
  const people = new People(() => {
    throw new Error('every client here is told where');
  });

  before(async () => {
    redis = await startRedis();
    const env = {
      RELAY_REDIS_URL: redis.url,
      BLINDPOST_SECRET: 'a secret that both instances share, long enough',
    };
    servers = await Promise.all([startServer({ env }), startServer({ env })]);
  });
  after(async () => {
    await people.leave();
    await Promise.all(servers.map((server) => server.stop()));
    await redis.stop();
  });

  test('when one shuts down under load its clients go on at the other, and nothing is lost', async () => {
    const urls = servers.map(({ url }) => url);
    const received: unknown[] = [];
    const ben = await people.join({ urls, onMessage: ({ body }) => void received.push(body) });
    const anna = await people.join({ urls });
    const bodies = Array.from({ length: Math.ceil(2000 * SCALE) }, (_, n) => n);
    let stopped: Promise<number | null> | undefined;
    for (let at = 0; at < bodies.length; at += 25) {
      const sent = bodies.slice(at, at + 25).map((body) => anna.client.send(ben.client.hash, body));
      if (at >= bodies.length / 2) stopped ??= servers[0]?.stop();
      await Promise.all(sent);
    }
    await until(() => new Set(received).size === bodies.length);
    assert.deepEqual([...new Set(received)], bodies);
    assert.equal(await stopped, 0);
    // The token of the first instance held at the second: no login there was refused.
    assert.deepEqual(
      [...anna.errors, ...ben.errors].filter(({ code }) => code === 'ERR_UNAUTHORIZED'),
      [],
    );
  });
});
