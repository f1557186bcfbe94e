import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { postgresMissing, startPostgres } from '@blindpost/testbed/postgres';
import { redisMissing, startRedis } from '@blindpost/testbed/redis';
import { startServer } from '@blindpost/testbed/server';
import { ADMIN, SECRET } from '../database-stage.js';
import { overview, overviewWhere } from './stage.js';

const KEYS = { ADMIN_API_KEY: ADMIN, BLINDPOST_SECRET: SECRET };

const [noRedis, noPostgres] = [await redisMissing(), await postgresMissing()];

describe('a store that is away', () => {
  test('is told as away, with 200, and as there when it is back: Redis', { skip: noRedis }, async () => {
    const redis = await startRedis();
    const server = await startServer({ env: { ...KEYS, REDIS_URL: redis.url } });
    try {
      const there = await overview(server.url);
      assert.deepEqual(there.stores.slice(0, 2), [
        { name: 'door', kind: 'redis', state: 'ok' },
        { name: 'bus', kind: 'redis', state: 'ok' },
      ]);
      await redis.kill();
      const away = await overviewWhere(server.url, 'Redis is away', ({ stores, services }) => {
        return (
          stores.slice(0, 2).every(({ state }) => state === 'away') && services.relay?.mailboxes === null
        );
      });
      assert.equal(away.health.relay, 'degraded');
      assert.equal(away.stores.at(-1)?.state, 'ok');
      await redis.restart();
      await overviewWhere(server.url, 'Redis is back', ({ health, services }) => {
        return health.relay === 'ok' && services.relay?.mailboxes?.messages === 0;
      });
    } finally {
      await server.stop();
      await redis.stop();
    }
  });

  test('is told as away, with 200, and as there when it is back: PostgreSQL', {
    skip: noPostgres,
  }, async () => {
    const postgres = await startPostgres();
    const server = await startServer({
      services: ['pool', 'e2ee', 'identity'],
      env: { ...KEYS, DATABASE_URL: await postgres.freshDatabase() },
    });
    try {
      const there = await overview(server.url);
      const kinds = there.stores.map(({ name, kind }) => `${name} ${kind}`);
      assert.deepEqual(kinds, [
        'door memory',
        'bus memory',
        'database postgres',
        'durable_bus postgres',
        'compute threads',
      ]);
      await postgres.kill();
      const away = await overviewWhere(server.url, 'PostgreSQL is away', ({ stores, services }) => {
        const { pool, accounts, e2ee, identity } = services;
        const told = [pool?.ledger, pool?.rounds, accounts?.accounts, e2ee?.queues, identity?.registry];
        const database = stores.find(({ name }) => name === 'database');
        return database?.state === 'away' && told.every((each) => each === null);
      });
      assert.equal(away.health.pool, 'degraded');
      assert.equal(away.stores.find(({ name }) => name === 'door')?.state, 'ok');
      await postgres.restart();
      await overviewWhere(server.url, 'PostgreSQL is back', ({ stores, services }) => {
        const { pool, e2ee, identity } = services;
        const told = [pool?.rounds, pool?.ledger, e2ee?.queues, identity?.registry];
        const database = stores.find(({ name }) => name === 'database');
        return database?.state === 'ok' && told.every((each) => each !== null && each !== undefined);
      });
    } finally {
      await server.stop();
      await postgres.stop();
    }
  });
});
