import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Databases, postgresMissing, sharedPostgres } from '@blindpost/testbed/postgres';
import { type RedisServer, redisMissing, startRedis } from '@blindpost/testbed/redis';
import { systemClock } from '../clock.js';
import { RedisConnection } from '../redis/connection.js';
import { Unavailable } from '../unavailable.js';
import type { Bus, BusListener } from './bus.js';
import { MemoryBus } from './memory.js';
import { PostgresBus } from './postgres.js';
import { RedisBus } from './redis.js';

const missing = await redisMissing();
let redis: RedisServer;
let connection: RedisConnection;
const postgresAway = await postgresMissing();
let postgres: Databases;
let database = '';

const adapters = [
  { name: 'memory', skip: false, open: async (): Promise<Bus> => new MemoryBus() },
  { name: 'redis', skip: missing, open: (): Promise<Bus> => RedisBus.open(connection) },
  { name: 'postgres', skip: postgresAway, open: (): Promise<Bus> => openPostgresBus() },
];

function openPostgresBus(): Promise<PostgresBus> {
  return PostgresBus.open({ url: database, clock: systemClock });
}

before(async () => {
  if (!postgresAway) {
    postgres = await sharedPostgres();
    database = await postgres.freshDatabase();
  }
  if (missing) return;
  redis = await startRedis();
  connection = await RedisConnection.open({ url: redis.url });
});
after(async () => {
  if (!postgresAway) await postgres.stop();
  if (missing) return;
  await connection.close();
  await redis.stop();
});

for (const { name, skip, open } of adapters) {
  describe(`bus on ${name}`, { skip }, () => {
    let bus: Bus;
    before(async () => {
      bus = await open();
    });
    after(() => bus.close());

    test('a hint reaches the listeners of its topic, bytes unchanged, and no others', async () => {
      const here = new Ear();
      const there = new Ear();
      const leaveHere = await bus.subscribe('here', here);
      const leaveThere = await bus.subscribe('there', there);
      const hint = Buffer.from([0, 255, 13, 10, 0x80]);
      await bus.publish('here', hint);
      await here.hears(1);
      assert.deepEqual(here.hints, [hint]);
      await bus.publish('there', Buffer.from('end'));
      await there.hears(1);
      assert.deepEqual(there.hints.map(String), ['end']);
      assert.equal(here.hints.length, 1);
      await leaveHere();
      await leaveThere();
    });

    test('a hint is not delivered inside the step that publishes it', async () => {
      const ear = new Ear();
      const leave = await bus.subscribe('later', ear);
      const published = bus.publish('later', Buffer.from('x'));
      assert.equal(ear.hints.length, 0);
      await published;
      await ear.hears(1);
      await leave();
    });

    test('hints of one topic arrive in the order of publishing', async () => {
      const ear = new Ear();
      const leave = await bus.subscribe('order', ear);
      const sent = Array.from({ length: 1000 }, (_, index) => String(index));
      await Promise.all(sent.map((text) => bus.publish('order', Buffer.from(text))));
      await ear.hears(sent.length);
      assert.deepEqual(ear.hints.map(String), sent);
      await leave();
    });

    test('publishing answers how many instances listen, however many listeners each has', async () => {
      assert.equal(await bus.publish('count', Buffer.from('nobody')), 0);
      const first = await bus.subscribe('count', new Ear());
      const second = await bus.subscribe('count', new Ear());
      assert.equal(await bus.publish('count', Buffer.from('both')), 1);
      await first();
      assert.equal(await bus.publish('count', Buffer.from('second')), 1);
      await second();
      assert.equal(await bus.publish('count', Buffer.from('nobody')), 0);
    });

    test('a listener that left hears nothing, the one beside it everything', async () => {
      const gone = new Ear();
      const stays = new Ear();
      const leaveGone = await bus.subscribe('leave', gone);
      const leaveStays = await bus.subscribe('leave', stays);
      await leaveGone();
      await leaveGone();
      await bus.publish('leave', Buffer.from('x'));
      await stays.hears(1);
      assert.equal(gone.hints.length, 0);
      await leaveStays();
    });

    test('one listener may listen twice and leave once', async () => {
      const ear = new Ear();
      const first = await bus.subscribe('twice', ear);
      const second = await bus.subscribe('twice', ear);
      await bus.publish('twice', Buffer.from('x'));
      await ear.hears(2);
      await first();
      await bus.publish('twice', Buffer.from('y'));
      await ear.hears(3);
      assert.deepEqual(ear.hints.map(String), ['x', 'x', 'y']);
      await second();
    });

    test('listeners that come and go at the same time end with exactly the last wish of each', async () => {
      const ears = Array.from({ length: 20 }, () => new Ear());
      const restless = async (ear: Ear, index: number) => {
        for (let turn = 0; turn < 25; turn++) {
          const leave = await bus.subscribe('race', ear);
          // Listeners drift against each other, so that the topic is often without any for a moment.
          for (let pause = 0; pause < (turn * index) % 4; pause++) await new Promise(setImmediate);
          await leave();
        }
        return index % 2 === 0 ? bus.subscribe('race', ear) : async () => undefined;
      };
      const leavers = await Promise.all(ears.map(restless));
      assert.equal(await bus.publish('race', Buffer.from('x')), 1);
      await Promise.all(ears.filter((_, index) => index % 2 === 0).map((ear) => ear.hears(1)));
      assert.deepEqual(
        ears.map((ear) => ear.hints.length),
        ears.map((_, index) => (index % 2 === 0 ? 1 : 0)),
      );
      for (const leave of leavers) await leave();
      assert.equal(await bus.publish('race', Buffer.from('x')), 0);
    });

    test('a closed bus refuses and is not healthy', async () => {
      const closed = await open();
      assert.equal(closed.healthy(), true);
      await closed.subscribe('closed', new Ear());
      await closed.close();
      assert.equal(closed.healthy(), false);
      await assert.rejects(closed.publish('closed', Buffer.from('x')), Unavailable);
      await assert.rejects(closed.subscribe('closed', new Ear()), Unavailable);
      assert.equal(await bus.publish('closed', Buffer.from('x')), 0);
    });
  });
}

describe('bus of two instances on redis', { skip: missing }, () => {
  test('a hint crosses from one instance to the other, and both are counted', async () => {
    const [one, two] = [await RedisBus.open(connection), await RedisBus.open(connection)];
    const [left, right] = [new Ear(), new Ear()];
    await one.subscribe('cross', left);
    await two.subscribe('cross', right);
    assert.equal(await one.publish('cross', Buffer.from('x')), 2);
    await Promise.all([left.hears(1), right.hears(1)]);
    await two.close();
    await one.close();
  });
});

describe('bus of two instances on postgres', { skip: postgresAway }, () => {
  test('hints cross from one instance to the other, in order and as often as they were published', async () => {
    const [one, two] = [await openPostgresBus(), await openPostgresBus()];
    const [left, right] = [new Ear(), new Ear()];
    await one.subscribe('cross', left);
    await two.subscribe('cross', right);
    const sent = ['x', 'x', 'x', 'y'.repeat(5_000), 'y'.repeat(5_000), 'z'];
    const counts = await Promise.all(sent.map((text) => one.publish('cross', Buffer.from(text))));
    await Promise.all([left.hears(sent.length), right.hears(sent.length)]);
    assert.deepEqual(left.hints.map(String), sent);
    assert.deepEqual(right.hints.map(String), sent);
    assert.deepEqual(new Set(counts), new Set([1]));
    await assert.rejects(one.publish('cross', Buffer.alloc(8_000)), RangeError);
    await two.close();
    await one.close();
  });
});

/** Keeps what it hears, and answers when it has heard enough. */
class Ear implements BusListener {
  readonly hints: Buffer[] = [];
  gaps = 0;
  #waiting: { count: number; resolve: () => void } | null = null;

  onHint(hint: Buffer): void {
    this.hints.push(hint);
    if (this.#waiting !== null && this.hints.length >= this.#waiting.count) this.#waiting.resolve();
  }

  onGap(): void {
    this.gaps++;
  }

  hears(count: number): Promise<void> {
    if (this.hints.length >= count) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting = { count, resolve };
    });
  }
}
