import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisServer, redisMissing, startRedis } from '@blindpost/testbed/redis';
import fc from 'fast-check';
import { ManualClock } from '../clock.manual.js';
import { RedisConnection } from '../redis/connection.js';
import { Unavailable } from '../unavailable.js';
import { VOLATILE_LIBRARY } from './library.js';
import { MemoryVolatile } from './memory.js';
import { RedisVolatile } from './redis.js';
import type { Bucket, Volatile } from './volatile.js';

const missing = await redisMissing();
let redis: RedisServer;
let connection: RedisConnection;
const clock = new ManualClock();

const adapters = [
  {
    name: 'memory',
    skip: false,
    open: (): Volatile => new MemoryVolatile(clock),
    pass: async (ms: number) => clock.advance(ms),
  },
  {
    name: 'redis',
    skip: missing,
    open: (): Volatile => new RedisVolatile(connection),
    // A little more, because Redis's milliseconds begin at another moment than ours.
    pass: (ms: number) => sleep(ms + 5),
  },
];

/** So long that nothing refills during a test on a real clock. */
const HOUR = 3_600_000;

before(async () => {
  if (missing) return;
  redis = await startRedis();
  connection = await RedisConnection.open({ url: redis.url, libraries: [VOLATILE_LIBRARY] });
});
after(async () => {
  if (missing) return;
  await connection.close();
  await redis.stop();
});

for (const { name, skip, open, pass } of adapters) {
  describe(`volatile on ${name}`, { skip }, () => {
    let volatile: Volatile;
    let key: string;
    before(() => {
      volatile = open();
    });
    beforeEach(() => {
      key = randomBytes(8).toString('hex');
    });
    after(() => volatile.close());

    test('a seed hands out its record, byte for byte', async () => {
      const record = '{"type":"upload","nickname":"Zoë ☂"}\u0000';
      assert.equal(await volatile.putSeed(key, record, 60_000), true);
      assert.equal(await volatile.spendSeed(key), record);
    });

    test('100 parallel spends of one seed give one record', async () => {
      await volatile.putSeed(key, 'record', 60_000);
      const spent = await Promise.all(Array.from({ length: 100 }, () => volatile.spendSeed(key)));
      assert.deepEqual(
        spent.filter((record) => record !== null),
        ['record'],
      );
    });

    test('an unknown, a spent and an expired seed are all null', async () => {
      assert.equal(await volatile.spendSeed(key), null);
      await volatile.putSeed(key, 'record', 60_000);
      await volatile.spendSeed(key);
      assert.equal(await volatile.spendSeed(key), null);
      await volatile.putSeed(key, 'record', 50);
      await pass(50);
      assert.equal(await volatile.spendSeed(key), null);
    });

    test('200 parallel takes get exactly what the bucket holds', async () => {
      const taken = await Promise.all(
        Array.from({ length: 200 }, () => volatile.take(key, bucket(50, HOUR), 1)),
      );
      assert.equal(taken.filter(({ outcome }) => outcome === 'ok').length, 50);
    });

    test('any takes without refill leave what plain subtraction leaves', async () => {
      const costs = fc.array(fc.integer({ min: 0, max: 14 }), { maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 12 }), costs, async (capacity, takes) => {
          const subject = randomBytes(8).toString('hex');
          let tokens = capacity;
          for (const cost of takes) {
            const taken = await volatile.take(subject, bucket(capacity, HOUR), cost);
            if (cost <= tokens) {
              tokens -= cost;
              assert.deepEqual(taken, { outcome: 'ok', remaining: tokens });
            } else {
              assert.equal(taken.outcome, 'limited');
            }
          }
        }),
        { numRuns: 50 },
      );
    });

    test('a refusal says how long to wait, and the wait is enough', async () => {
      const small = bucket(4, 400);
      // Sent at once here and below, so that nothing refills or ends in between on a slow machine.
      const [granted, refused] = await Promise.all([
        volatile.take(key, small, 4),
        volatile.take(key, small, 2),
      ]);
      assert.deepEqual(granted, { outcome: 'ok', remaining: 0 });
      assert.ok(refused.outcome === 'limited');
      assert.ok(refused.retryAfterMs > 0 && refused.retryAfterMs <= 200);
      await pass(refused.retryAfterMs);
      assert.equal((await volatile.take(key, small, 2)).outcome, 'ok');
    });

    test('a cost above the capacity is always limited, for a whole window', async () => {
      const refused = await volatile.take(key, bucket(3, HOUR), 4);
      assert.deepEqual(refused, { outcome: 'limited', retryAfterMs: HOUR });
      assert.deepEqual(await volatile.take(key, bucket(3, HOUR), 3), { outcome: 'ok', remaining: 0 });
    });

    test('buckets of another name and of another subject are separate', async () => {
      await volatile.take(key, bucket(1, HOUR), 1);
      assert.equal((await volatile.take(key, bucket(1, HOUR), 1)).outcome, 'limited');
      assert.equal((await volatile.take(key, { ...bucket(1, HOUR), name: 'other' }, 1)).outcome, 'ok');
      assert.equal((await volatile.take(`${key}x`, bucket(1, HOUR), 1)).outcome, 'ok');
    });

    test('the violation one too many jails; the term ends by itself and does not grow', async () => {
      const jail = { violations: 3, ms: 400 };
      const empty = bucket(0, HOUR);
      const [first, second, third, term, again] = await Promise.all([
        volatile.take(key, empty, 1, jail),
        volatile.take(key, empty, 1, jail),
        volatile.take(key, empty, 1, jail),
        volatile.jailed(key),
        volatile.take(key, bucket(9, HOUR), 1, jail),
      ]);
      assert.equal(first.outcome, 'limited');
      assert.equal(second.outcome, 'limited');
      assert.deepEqual(third, { outcome: 'jailed', retryAfterMs: 400 });
      assert.ok(term > 0 && term <= 400);
      assert.ok(again.outcome === 'jailed' && again.retryAfterMs <= term);
      await pass(term);
      assert.equal(await volatile.jailed(key), 0);
      assert.equal((await volatile.take(key, empty, 1, jail)).outcome, 'limited');
    });

    test('violations older than the term do not count', async () => {
      const jail = { violations: 2, ms: 60 };
      // Keeps the subject remembered, so that the age of its violations is what decides.
      await volatile.take(key, { ...bucket(9, HOUR), name: 'other' }, 1);
      for (let round = 0; round < 3; round++) {
        assert.equal((await volatile.take(key, bucket(0, HOUR), 1, jail)).outcome, 'limited');
        await pass(60);
      }
    });

    test('without a jail nothing is a violation, and the jailed are served', async () => {
      const jail = { violations: 1, ms: HOUR };
      for (let round = 0; round < 5; round++) await volatile.take(key, bucket(0, HOUR), 1);
      assert.equal(await volatile.jailed(key), 0);
      assert.equal((await volatile.take(key, bucket(0, HOUR), 1, jail)).outcome, 'jailed');
      assert.equal((await volatile.take(key, bucket(1, HOUR), 1)).outcome, 'ok');
    });

    test('forgetting drops buckets, violations and the term', async () => {
      const jail = { violations: 2, ms: HOUR };
      await volatile.take(key, bucket(1, HOUR), 1);
      await volatile.take(key, bucket(1, HOUR), 1, jail);
      await volatile.forget(key);
      assert.equal((await volatile.take(key, bucket(1, HOUR), 1, jail)).outcome, 'ok');
      assert.equal((await volatile.take(key, bucket(1, HOUR), 1, jail)).outcome, 'limited');
      await volatile.take(key, bucket(1, HOUR), 1, jail);
      assert.ok((await volatile.jailed(key)) > 0);
      await volatile.forget(key);
      assert.equal(await volatile.jailed(key), 0);
    });

    test('parallel events are all counted, each kind for itself, until the window has passed', async () => {
      await Promise.all(Array.from({ length: 300 }, () => volatile.record(key, HOUR)));
      await volatile.record(`${key}x`, HOUR);
      assert.equal(await volatile.count(key, HOUR), 300);
      assert.equal(await volatile.count(`${key}-never`, HOUR), 0);
      const [, , counted] = await Promise.all([
        volatile.record(key, 200),
        volatile.record(key, 200),
        volatile.count(key, 200),
      ]);
      assert.equal(counted, 2);
      await pass(220);
      assert.equal(await volatile.count(key, 200), 0);
    });

    test('once closed it is not healthy and refuses', async () => {
      const closed = open();
      assert.equal(closed.healthy(), true);
      await closed.close();
      assert.equal(closed.healthy(), false);
      await assert.rejects(closed.putSeed(key, 'record', 1000), Unavailable);
      await assert.rejects(closed.take(key, bucket(1, HOUR), 1), Unavailable);
      assert.equal(volatile.healthy(), true);
    });
  });
}

function bucket(capacity: number, windowMs: number): Bucket {
  return { name: 'frames', capacity, windowMs };
}
