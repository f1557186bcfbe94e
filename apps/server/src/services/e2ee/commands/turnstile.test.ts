import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Turnstile } from './turnstile.js';

test('never more than its width pass under one name, all pass in their order, and nothing is left behind', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.constantFrom('a', 'b'), { maxLength: 24 }),
      async (scheduler, width, names) => {
        const turnstile = new Turnstile(width);
        const inside = new Map<string, number>();
        const entered: number[] = [];
        const all = names.map((name, index) =>
          turnstile.pass(name, async () => {
            const now = (inside.get(name) ?? 0) + 1;
            inside.set(name, now);
            assert.ok(now <= width);
            entered.push(index);
            await scheduler.schedule(Promise.resolve());
            inside.set(name, (inside.get(name) ?? 0) - 1);
            return index;
          }),
        );
        assert.deepEqual(
          await scheduler.waitFor(Promise.all(all)),
          names.map((_, index) => index),
        );
        for (const name of ['a', 'b']) {
          const ofName = entered.filter((index) => names[index] === name);
          assert.deepEqual(
            ofName,
            [...ofName].sort((a, b) => a - b),
          );
        }
        assert.equal(turnstile.size, 0);
      },
    ),
  );
});

test('another name passes at once beside a full one', async () => {
  const turnstile = new Turnstile(1);
  let release = () => {};
  const first = turnstile.pass('full', () => new Promise<void>((resolve) => (release = resolve)));
  const second = turnstile.pass('full', async () => 'second');
  assert.equal(await turnstile.pass('other', async () => 'other'), 'other');
  release();
  await first;
  assert.equal(await second, 'second');
});

test('what fails makes room like what succeeds', async () => {
  const turnstile = new Turnstile(1);
  const failed = turnstile.pass('a', async () => {
    throw new Error('away');
  });
  const next = turnstile.pass('a', async () => 'next');
  await assert.rejects(failed, /away/);
  assert.equal(await next, 'next');
  assert.equal(turnstile.size, 0);
});
