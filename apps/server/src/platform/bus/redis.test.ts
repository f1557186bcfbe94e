import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type RedisServer, redisMissing, startRedis } from '@blindpost/testbed/redis';
import { RedisConnection } from '../redis/connection.js';
import { Unavailable } from '../unavailable.js';
import { RedisBus } from './redis.js';

describe('bus on a Redis that fails', { skip: await redisMissing() }, () => {
  let redis: RedisServer;
  let connection: RedisConnection;
  let bus: RedisBus;
  before(async () => {
    redis = await startRedis();
    connection = await RedisConnection.open({ url: redis.url, beatMs: 250 });
    bus = await RedisBus.open(connection);
  });
  after(async () => {
    await bus.close();
    await connection.close();
    await redis.stop();
  });

  test('after a restart every listener is told of the gap, once, and hears again', async () => {
    const ears = Array.from({ length: 1_200 }, () => ({ gaps: 0, hints: 0 }));
    for (const [index, ear] of ears.entries()) await bus.subscribe(`topic ${index >> 1}`, earOf(ear));
    await redis.kill();
    await until(() => !bus.healthy());
    await assert.rejects(bus.publish('topic 0', Buffer.from('x')), Unavailable);
    await assert.rejects(bus.subscribe('topic 0', earOf({ gaps: 0, hints: 0 })), Unavailable);
    await assert.rejects(bus.subscribe('new topic', earOf({ gaps: 0, hints: 0 })), Unavailable);
    await redis.restart();
    await until(() => bus.healthy());
    assert.ok(ears.every(({ gaps }) => gaps === 1));
    for (let topic = 0; topic < 600; topic++) {
      assert.equal(await bus.publish(`topic ${topic}`, Buffer.from('x')), 1);
    }
    await until(() => ears.every(({ hints }) => hints === 1));
    assert.equal(await bus.publish('new topic', Buffer.from('x')), 0);
  });

  test('who leaves while Redis is away is not subscribed again', async () => {
    const gone = { gaps: 0, hints: 0 };
    const leave = await bus.subscribe('left', earOf(gone));
    await redis.kill();
    await until(() => !bus.healthy());
    await leave();
    await redis.restart();
    await until(() => bus.healthy());
    assert.equal(await bus.publish('left', Buffer.from('x')), 0);
    assert.deepEqual(gone, { gaps: 0, hints: 0 });
  });

  test('who leaves while being subscribed again is not left subscribed', async () => {
    // The first listener hears of its gap when the answers for the second half of these are still to come.
    const leavers = await Promise.all(
      Array.from({ length: 1_000 }, (_, topic) => {
        const ear = { gaps: 0, hints: 0 };
        if (topic > 0) return bus.subscribe(`many ${topic}`, earOf(ear));
        const onGap = () => setImmediate(() => Promise.all(leavers.map((leave) => leave())));
        return bus.subscribe('many 0', { ...earOf(ear), onGap });
      }),
    );
    await connection.send(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
    await until(() => !bus.healthy());
    await until(() => bus.healthy());
    for (let topic = 0; topic < leavers.length; topic++) {
      assert.equal(await bus.publish(`many ${topic}`, Buffer.from('x')), 0);
    }
  });

  test('a subscription of which Redis dropped only the listening connection heals with a gap', async () => {
    const ear = { gaps: 0, hints: 0 };
    const leave = await bus.subscribe('cut', earOf(ear));
    await connection.send(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
    await until(() => ear.gaps > 0 && bus.healthy());
    assert.equal(await bus.publish('cut', Buffer.from('x')), 1);
    await until(() => ear.hints === 1);
    await leave();
    assert.equal(await bus.publish('cut', Buffer.from('x')), 0);
  });

  test('a hung Redis makes the bus unhealthy and refuses, and the gap is told when it wakes', async () => {
    const ear = { gaps: 0, hints: 0 };
    const leave = await bus.subscribe('hung', earOf(ear));
    process.kill(redis.pid, 'SIGSTOP');
    await assert.rejects(bus.publish('hung', Buffer.from('x')), Unavailable);
    await assert.rejects(bus.subscribe('hung too', earOf(ear)), Unavailable);
    assert.equal(bus.healthy(), false);
    process.kill(redis.pid, 'SIGCONT');
    await until(() => ear.gaps > 0 && bus.healthy());
    await bus.publish('hung', Buffer.from('x'));
    await until(() => ear.hints > 0);
    await leave();
  });

  test('listeners that come and go during drops end with exactly the last wish of each', async () => {
    const ears = Array.from({ length: 10 }, () => ({ gaps: 0, hints: 0 }));
    const leavers: (() => Promise<void>)[] = [];
    const restless = async (ear: (typeof ears)[number], index: number) => {
      for (let turn = 0; turn < 20; turn++) {
        const leave = await persistently(() => bus.subscribe(`restless ${index % 3}`, earOf(ear)));
        if (turn === 19 && index % 2 === 0) leavers.push(leave);
        else await leave();
      }
    };
    let over = false;
    const cutting = (async () => {
      while (!over) {
        await connection.send(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
    await Promise.all(ears.map(restless));
    over = true;
    await cutting;
    await until(() => bus.healthy());
    for (const ear of ears) ear.hints = 0;
    for (const topic of [0, 1, 2]) assert.equal(await bus.publish(`restless ${topic}`, Buffer.from('x')), 1);
    await until(() => ears.every(({ hints }, index) => hints === (index % 2 === 0 ? 1 : 0)));
    for (const leave of leavers) await leave();
    for (const topic of [0, 1, 2]) assert.equal(await bus.publish(`restless ${topic}`, Buffer.from('x')), 0);
  });
});

function earOf(ear: { gaps: number; hints: number }) {
  return { onHint: () => void ear.hints++, onGap: () => void ear.gaps++ };
}

/** Tries again while Redis is away. */
async function persistently<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

/** Waits for a state that must come; the runner's time limit is the guard. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
