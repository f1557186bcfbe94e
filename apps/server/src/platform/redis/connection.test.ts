import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { freePort } from '@blindpost/testbed/ports';
import { type RedisServer, redisMissing, startRedis } from '@blindpost/testbed/redis';
import { Unavailable } from '../unavailable.js';
import { RedisConnection, type RedisLibrary } from './connection.js';
import { isOutOfMemory, RedisRefused } from './failure.js';

const LIBRARY: RedisLibrary = {
  code: `#!lua name=bp_test
redis.register_function('bp_test_echo', function(keys, args) return {keys[1], args[1]} end)
redis.register_function('bp_test_put', function(keys, args) return redis.call('SET', keys[1], args[1]) end)`,
};
const ECHO = ['bp_test_echo', ['{a}'], ['b']] as const;

describe('connection to Redis', { skip: await redisMissing() }, () => {
  let redis: RedisServer;
  let connection: RedisConnection;
  const warnings: string[] = [];
  before(async () => {
    redis = await startRedis();
    const warn = (message: string) => warnings.push(message);
    connection = await RedisConnection.open({ url: redis.url, libraries: [LIBRARY], warn, beatMs: 250 });
  });
  after(async () => {
    await connection.close();
    await redis.stop();
  });

  test('a Redis as it should be earns no warning', () => {
    assert.equal(connection.healthy(), true);
    assert.deepEqual(warnings, []);
  });

  test('a call hands bytes through unchanged and answers strings or Buffers as asked', async () => {
    assert.deepEqual(await connection.call(...ECHO), ['{a}', 'b']);
    const bytes = Buffer.from([0, 255, 13, 10, 128]);
    const reply = await connection.callBinary('bp_test_echo', ['{a}'], [bytes]);
    assert.deepEqual(reply, [Buffer.from('{a}'), bytes]);
  });

  test('functions that were flushed are loaded again by the call that misses them', async () => {
    await connection.send(['FUNCTION', 'FLUSH']);
    const replies = await Promise.all(Array.from({ length: 20 }, () => connection.call(...ECHO)));
    for (const reply of replies) assert.deepEqual(reply, ['{a}', 'b']);
  });

  test('a function that no library has is an error of ours, not an absent server', async () => {
    await assert.rejects(connection.call('bp_test_none', [], []), /Function not found/);
  });

  test('a full Redis is told apart from an absent one', async () => {
    await connection.send(['CONFIG', 'SET', 'maxmemory', '1']);
    await assert.rejects(connection.call('bp_test_put', ['{a}'], ['b']), isOutOfMemory);
    await connection.send(['CONFIG', 'SET', 'maxmemory', '0']);
    await connection.call('bp_test_put', ['{a}'], ['b']);
  });

  test('calls fail at once while Redis is gone; it comes back by itself with its functions', async () => {
    const [underWay] = await Promise.allSettled([connection.call(...ECHO), redis.kill()]);
    // Answered before the kill, or refused by it; never left open.
    assert.ok(underWay.status === 'fulfilled' || underWay.reason instanceof Unavailable);
    await until(() => !connection.healthy());
    await assert.rejects(connection.call(...ECHO), Unavailable);
    await assert.rejects(connection.send(['PING']), Unavailable);
    await redis.restart();
    await until(() => connection.healthy());
    assert.deepEqual(await connection.call(...ECHO), ['{a}', 'b']);
    assert.match(warnings.join(), /connection is lost/);
  });

  test('a hung Redis ends as unavailable, not as a hang, and is found again when it wakes', async () => {
    process.kill(redis.pid, 'SIGSTOP');
    const calls = await Promise.allSettled(Array.from({ length: 50 }, () => connection.call(...ECHO)));
    for (const call of calls) assert.ok(call.status === 'rejected' && call.reason instanceof Unavailable);
    assert.equal(connection.healthy(), false);
    await assert.rejects(connection.call(...ECHO), Unavailable);
    process.kill(redis.pid, 'SIGCONT');
    await until(() => connection.healthy());
    assert.deepEqual(await connection.call(...ECHO), ['{a}', 'b']);
  });

  test('a full Redis does not keep a lost connection from coming back', async () => {
    await connection.send(['CONFIG', 'SET', 'maxmemory', '1']);
    await connection.send(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no']).catch(() => undefined);
    await until(() => !connection.healthy());
    await until(() => connection.healthy());
    assert.deepEqual(await connection.send(['CONFIG', 'SET', 'maxmemory', '0']), 'OK');
    assert.deepEqual(await connection.call(...ECHO), ['{a}', 'b']);
  });

  test('a Redis that began to evict is not used again after a drop', async () => {
    await connection.send(['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru']);
    await connection.send(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no']).catch(() => undefined);
    await until(() => warnings.some((warning) => warning.includes('maxmemory-policy is allkeys-lru')));
    assert.equal(connection.healthy(), false);
    await redis.restart();
    await until(() => connection.healthy());
  });

  test('what is under way when the connection is closed is refused', async () => {
    const closing = await RedisConnection.open({ url: redis.url, libraries: [LIBRARY] });
    const [underWay] = await Promise.allSettled([closing.call(...ECHO), closing.close()]);
    assert.ok(underWay.status === 'rejected' && underWay.reason instanceof Unavailable);
    await assert.rejects(closing.call(...ECHO), Unavailable);
    assert.equal(closing.healthy(), false);
  });
});

describe('opening a connection to Redis', { skip: await redisMissing() }, () => {
  test('nobody on the port is unavailable', async () => {
    await assert.rejects(RedisConnection.open({ url: `redis://127.0.0.1:${await freePort()}` }), Unavailable);
  });

  test('a Redis that evicts is refused, whichever way', async () => {
    for (const policy of ['allkeys-lru', 'volatile-ttl']) {
      const redis = await startRedis({ args: ['--maxmemory-policy', policy] });
      await assert.rejects(RedisConnection.open({ url: redis.url }), (error: unknown) => {
        assert.ok(error instanceof RedisRefused);
        assert.match(error.message, new RegExp(policy));
        return true;
      });
      await redis.stop();
    }
  });

  test('a Redis that persists is used, with one warning for each way', async () => {
    const redis = await startRedis({ args: ['--save', '60 1', '--appendonly', 'yes'] });
    const warnings: string[] = [];
    const connection = await RedisConnection.open({ url: redis.url, warn: (text) => warnings.push(text) });
    assert.equal(warnings.length, 2);
    assert.match(warnings.join(), /appendonly yes.*save "60 1"/);
    await connection.close();
    await redis.stop();
  });

  test('where CONFIG is forbidden the rest is checked and a warning says what was not', async () => {
    const evicting = ['--maxmemory-policy', 'allkeys-lru'];
    for (const [args, outcome] of [
      [[], 'used'],
      [evicting, 'refused'],
    ] as const) {
      const redis = await startRedis({ args: ['--rename-command', 'CONFIG', '', ...args] });
      const warnings: string[] = [];
      const opening = RedisConnection.open({ url: redis.url, warn: (text) => warnings.push(text) });
      if (outcome === 'refused') {
        await assert.rejects(opening, RedisRefused);
      } else {
        await (await opening).close();
        assert.match(warnings.join(), /does not let us read its settings/);
      }
      await redis.stop();
    }
  });

  test('a wrong password is refused in the words of Redis', async () => {
    const redis = await startRedis();
    const admin = await RedisConnection.open({ url: redis.url });
    await admin.send(['CONFIG', 'SET', 'requirepass', 'right']);
    const url = (password: string) => redis.url.replace('redis://', `redis://:${password}@`);
    await assert.rejects(RedisConnection.open({ url: url('wrong') }), (error: unknown) => {
      assert.ok(error instanceof RedisRefused);
      assert.match(error.message, /WRONGPASS/);
      return true;
    });
    await assert.rejects(RedisConnection.open({ url: redis.url }), RedisRefused);
    await (await RedisConnection.open({ url: url('right') })).close();
    await admin.close();
    await redis.stop();
  });
});

/** Waits for a state that must come; the runner's time limit is the guard. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
