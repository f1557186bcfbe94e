import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../clock.manual.js';
import { Unavailable } from '../unavailable.js';
import { Glance } from './glance.js';

test('all who look within a second are answered by one question', async () => {
  const clock = new ManualClock();
  let asked = 0;
  const glance = new Glance(async () => ++asked, clock);
  assert.deepEqual(await Promise.all([glance.look(), glance.look(), glance.look()]), [1, 1, 1]);
  clock.advance(999);
  assert.equal(await glance.look(), 1);
  clock.advance(1);
  assert.equal(await glance.look(), 2);
});

test('an answer that took long is looked at for fifty times as long', async () => {
  const clock = new ManualClock();
  let asked = 0;
  const glance = new Glance(async () => {
    clock.advance(100);
    return ++asked;
  }, clock);
  assert.equal(await glance.look(), 1);
  clock.advance(4_999);
  assert.equal(await glance.look(), 1);
  clock.advance(1);
  assert.equal(await glance.look(), 2);
});

test('a store that is away is told as null, and asked again a second later', async () => {
  const clock = new ManualClock();
  let away = true;
  const glance = new Glance(async () => {
    if (away) throw new Unavailable('the store');
    return 'there';
  }, clock);
  assert.equal(await glance.look(), null);
  away = false;
  clock.advance(1_000);
  assert.equal(await glance.look(), 'there');
});

test('a store that says nothing is waited for two seconds, and not asked again meanwhile', async () => {
  const clock = new ManualClock();
  let asked = 0;
  let answer = (_: string) => {};
  const glance = new Glance(() => {
    asked += 1;
    return new Promise<string>((resolve) => {
      answer = resolve;
    });
  }, clock);
  for (let look = 0; look < 3; look += 1) {
    const looking = glance.look();
    clock.advance(2_000);
    assert.equal(await looking, null);
  }
  assert.equal(asked, 1);
  const looking = glance.look();
  answer('late');
  assert.equal(await looking, 'late');
});

test('a fault that is ours is not taken for a store that is away', async () => {
  const glance = new Glance(() => Promise.reject(new TypeError('ours')), new ManualClock());
  await assert.rejects(glance.look(), TypeError);
});
