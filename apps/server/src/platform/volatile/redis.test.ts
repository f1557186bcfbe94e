import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type RedisServer, redisMissing, startRedis } from '@blindpost/testbed/redis';
import { RedisConnection } from '../redis/connection.js';
import { Unavailable } from '../unavailable.js';
import { VOLATILE_LIBRARY } from './library.js';
import { RedisVolatile } from './redis.js';

const bucket = { name: 'frames', capacity: 2, windowMs: 60_000 };
const jail = { violations: 1, ms: 300_000 };

describe('volatile in a real Redis', { skip: await redisMissing() }, () => {
  let redis: RedisServer;
  let connection: RedisConnection;
  let volatile: RedisVolatile;
  before(async () => {
    redis = await startRedis();
    connection = await RedisConnection.open({ url: redis.url, libraries: [VOLATILE_LIBRARY], beatMs: 250 });
    volatile = new RedisVolatile(connection);
  });
  after(async () => {
    await volatile.close();
    await connection.close();
    await redis.stop();
  });

  test('every key expires, and the keys of a verb share one hash tag', async () => {
    await volatile.putSeed('seed', 'record', 60_000);
    await volatile.take('subject', bucket, 2);
    await volatile.take('prisoner', bucket, 3, jail);
    await volatile.record('registration', 300_000);
    const keys = await connection.send(['KEYS', '*']);
    assert.ok(Array.isArray(keys));
    assert.deepEqual(keys.map(String).sort(), [
      'bp:{prisoner}:door',
      'bp:{registration}:events:300000',
      'bp:{seed}:seed',
      'bp:{subject}:door',
    ]);
    const lives = await Promise.all(keys.map((key) => connection.send(['PTTL', String(key)])));
    for (const life of lives) assert.ok(Number(life) > 0 && Number(life) <= 330_000);
  });

  test('two instances share one bucket and one jail', async () => {
    const other = new RedisVolatile(connection);
    await volatile.take('shared', bucket, 2);
    assert.equal((await other.take('shared', bucket, 1, jail)).outcome, 'jailed');
    assert.ok((await volatile.jailed('shared')) > 0);
  });

  test('a counter keeps no more slots than its window needs', async () => {
    for (let index = 0; index < 40; index++) {
      await volatile.record('busy', 50);
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    assert.ok(Number(await connection.send(['HLEN', 'bp:{busy}:events:50'])) <= 12);
  });

  test('a full Redis refuses new seeds, while the door and the spending of seeds go on', async () => {
    await volatile.putSeed('kept', 'record', 60_000);
    await connection.send(['CONFIG', 'SET', 'maxmemory', '1']);
    assert.equal(await volatile.putSeed('refused', 'record', 60_000), false);
    assert.equal(await volatile.spendSeed('kept'), 'record');
    assert.equal((await volatile.take('late', bucket, 1)).outcome, 'ok');
    await volatile.record('late', 60_000);
    assert.equal(await volatile.count('late', 60_000), 1);
    assert.equal(await volatile.jailed('late'), 0);
    await connection.send(['CONFIG', 'SET', 'maxmemory', '0']);
    assert.equal(await volatile.putSeed('refused', 'record', 60_000), true);
  });

  test('while Redis is away every verb is refused, nothing is let through', async () => {
    await redis.kill();
    await assert.rejects(volatile.putSeed('key', 'record', 60_000), Unavailable);
    await assert.rejects(volatile.spendSeed('key'), Unavailable);
    await assert.rejects(volatile.take('subject', bucket, 1, jail), Unavailable);
    await assert.rejects(volatile.jailed('subject'), Unavailable);
    await assert.rejects(volatile.forget('subject'), Unavailable);
    await assert.rejects(volatile.record('registration', 60_000), Unavailable);
    await assert.rejects(volatile.count('registration', 60_000), Unavailable);
    assert.equal(volatile.healthy(), false);
  });
});
