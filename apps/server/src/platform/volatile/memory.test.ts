import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ManualClock } from '../clock.manual.js';
import { MemoryVolatile } from './memory.js';

const WINDOW = 1_000;
const bucket = { name: 'frames', capacity: 2, windowMs: WINDOW };
const jail = { violations: 2, ms: 5_000 };

test('at maxSeeds a further seed is refused, until one is spent or expires', async () => {
  const clock = new ManualClock();
  const volatile = new MemoryVolatile(clock, { maxSeeds: 3 });
  for (const key of ['a', 'b', 'c']) assert.equal(await volatile.putSeed(key, key, 1_000), true);
  assert.equal(await volatile.putSeed('d', 'd', 1_000), false);
  assert.equal(await volatile.spendSeed('d'), null);
  assert.equal(await volatile.spendSeed('b'), 'b');
  assert.equal(await volatile.putSeed('d', 'd', 60_000), true);
  assert.equal(await volatile.putSeed('e', 'e', 60_000), false);
  clock.advance(1_000);
  assert.equal(await volatile.putSeed('e', 'e', 60_000), true);
  assert.equal(await volatile.spendSeed('d'), 'd');
  await volatile.close();
});

test('at maxSubjects a new subject is limited, and no bucket, violation or term is lost for it', async () => {
  const clock = new ManualClock();
  const volatile = new MemoryVolatile(clock, { maxSubjects: 3 });
  await volatile.take('drained', bucket, 2);
  await volatile.take('suspect', { ...bucket, capacity: 0 }, 1, jail);
  await volatile.take('prisoner', { ...bucket, capacity: 0 }, 1, { ...jail, violations: 1 });
  assert.equal((await volatile.take('new', bucket, 1)).outcome, 'limited');
  assert.equal((await volatile.take('drained', bucket, 1)).outcome, 'limited');
  assert.ok((await volatile.jailed('prisoner')) > 0);
  assert.equal((await volatile.take('suspect', { ...bucket, capacity: 0 }, 1, jail)).outcome, 'jailed');
  clock.advance(WINDOW);
  assert.equal((await volatile.take('new', bucket, 1)).outcome, 'ok', 'the refilled bucket gave way');
  assert.ok((await volatile.jailed('prisoner')) > 0);
  await volatile.close();
});

test('what has expired is swept away without being asked for', async () => {
  const clock = new ManualClock();
  const volatile = new MemoryVolatile(clock);
  for (let index = 0; index < 25_000; index++) {
    await volatile.putSeed(`seed ${index}`, 'record', 1_000);
    await volatile.take(`subject ${index}`, bucket, 1);
  }
  await volatile.putSeed('lasting', 'record', 60_000);
  clock.advance(4_000);
  assert.deepEqual(volatile.held, { seeds: 1, subjects: 0 });
  await volatile.close();
  assert.equal(clock.timers, 0);
});

test('a seed lives to its last millisecond and no longer', async () => {
  const clock = new ManualClock();
  const volatile = new MemoryVolatile(clock);
  await volatile.putSeed('a', 'a', 60_000);
  await volatile.putSeed('b', 'b', 60_000);
  clock.advance(59_999);
  assert.equal(await volatile.spendSeed('a'), 'a');
  clock.advance(1);
  assert.equal(await volatile.spendSeed('b'), null);
  await volatile.close();
});

test('a count is never below the events of the window, nor above those of a window and a tenth', async () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 80 });
  await fc.assert(
    fc.asyncProperty(gaps, async (waits) => {
      const clock = new ManualClock();
      const volatile = new MemoryVolatile(clock);
      const times: number[] = [];
      for (const wait of waits) {
        clock.advance(wait);
        await volatile.record('registration', WINDOW);
        times.push(clock.monotonic());
        const within = (ms: number) => times.filter((time) => time >= clock.monotonic() - ms).length;
        const count = await volatile.count('registration', WINDOW);
        assert.ok(count >= within(WINDOW) && count <= within(WINDOW * 1.1));
      }
      await volatile.close();
    }),
  );
});
