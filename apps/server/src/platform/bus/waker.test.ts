import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ManualClock } from '../clock.manual.js';
import { Unavailable } from '../unavailable.js';
import type { Bus } from './bus.js';
import { Waker } from './waker.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A bus that can be away, and what was published on it. */
function scene() {
  const published: string[] = [];
  const state = { away: false, asked: 0 };
  const bus: Bus = {
    async publish(topic, hint) {
      state.asked += 1;
      if (state.away) throw new Unavailable('the bus');
      published.push(`${topic} ${hint}`);
      return 2;
    },
    subscribe: async () => async () => undefined,
    healthy: () => !state.away,
    close: async () => undefined,
  };
  const clock = new ManualClock();
  return { published, state, clock, waker: new Waker(bus, clock, Buffer.from('!')) };
}

describe('the waker', () => {
  test('tells at once, and how many listen', async () => {
    const { waker, published, clock } = scene();
    assert.equal(await waker.wake('a'), 2);
    assert.deepEqual(published, ['a !']);
    assert.equal(clock.timers, 0);
  });

  test('tells again, each second and each topic once, until the bus is back', async () => {
    const { waker, published, clock, state } = scene();
    state.away = true;
    for (const topic of ['a', 'b', 'a', 'a']) assert.equal(await waker.wake(topic), 0);
    assert.equal(clock.timers, 1);
    for (let round = 1; round <= 3; round++) {
      clock.advance(1_000);
      await turn();
      assert.equal(state.asked, 4 + 2 * round);
    }
    state.away = false;
    clock.advance(999);
    await turn();
    assert.deepEqual(published, []);
    clock.advance(1);
    await turn();
    assert.deepEqual(published, ['a !', 'b !']);
    clock.advance(60_000);
    await turn();
    assert.equal(published.length, 2);
    assert.equal(clock.timers, 0);
  });

  test('remembers so many topics and no more', async () => {
    const { waker, published, clock, state } = scene();
    state.away = true;
    for (let topic = 0; topic < 10_001; topic++) await waker.wake(`${topic}`);
    state.away = false;
    clock.advance(1_000);
    await turn();
    assert.equal(published.length, 10_000);
  });

  test('is silent once it is closed', async () => {
    const { waker, published, clock, state } = scene();
    state.away = true;
    await waker.wake('a');
    waker.close();
    state.away = false;
    clock.advance(60_000);
    await turn();
    assert.deepEqual(published, []);
  });

  test('lets every other fault through', async () => {
    const fault = new Error('not the bus');
    const bus: Bus = {
      publish: () => Promise.reject(fault),
      subscribe: async () => async () => undefined,
      healthy: () => true,
      close: async () => undefined,
    };
    await assert.rejects(new Waker(bus, new ManualClock(), Buffer.from('!')).wake('a'), fault);
  });
});
