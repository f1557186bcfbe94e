import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bus } from '../../../platform/bus/bus.js';
import { Waker } from '../../../platform/bus/waker.js';
import { ManualClock } from '../../../platform/clock.manual.js';
import { Mail } from './mail.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('mail is told once in a turn of the event loop for each account, and again in the next', async () => {
  const topics: string[] = [];
  const bus: Bus = {
    publish: async (topic, hint) => topics.push(`${topic} ${hint}`),
    subscribe: async () => async () => undefined,
    healthy: () => true,
    close: async () => undefined,
  };
  const mail = new Mail(new Waker(bus, new ManualClock(), Buffer.from('m')));
  for (let times = 0; times < 64; times++) for (const account of ['a', 'b']) mail.came(account);
  assert.deepEqual(topics, []);
  await turn();
  assert.deepEqual(topics, ['e2ee:a m', 'e2ee:b m']);
  mail.came('a');
  await turn();
  assert.deepEqual(topics.slice(2), ['e2ee:a m']);
  await turn();
  assert.equal(topics.length, 3);
});
