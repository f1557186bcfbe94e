import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from './clock.js';

test('no task runs before its time, fractions of a millisecond included', async () => {
  const runs = Array.from({ length: 500 }, (_, index) => {
    const ms = (index % 50) + index / 500;
    const begin = systemClock.monotonic();
    return new Promise<number>((resolve) => {
      systemClock.after(ms, () => resolve(systemClock.monotonic() - begin - ms));
    });
  });
  // The clock's own timers do not keep the process alive, so something else must.
  const alive = setInterval(() => undefined, 1_000);
  for (const late of await Promise.all(runs)) assert.ok(late >= 0, `${-late} ms early`);
  clearInterval(alive);
});

test('a cancelled task does not run, however often it is cancelled', async () => {
  const ran: string[] = [];
  const never = systemClock.after(5, () => ran.push('cancelled'));
  never.cancel();
  never.cancel();
  await new Promise<void>((resolve) => {
    const alive = setTimeout(() => undefined, 10_000);
    systemClock.after(30, () => {
      clearTimeout(alive);
      resolve();
    });
  });
  assert.deepEqual(ran, []);
});

test('monotonic time does not step back and now is the time of day', () => {
  let last = systemClock.monotonic();
  for (let step = 0; step < 10_000; step++) {
    const next = systemClock.monotonic();
    assert.ok(next >= last);
    last = next;
  }
  const before = Date.now();
  const now = systemClock.now();
  assert.ok(now >= before && now <= Date.now());
});
