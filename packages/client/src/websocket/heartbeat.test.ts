import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Heartbeat } from './heartbeat.js';

function setUp() {
  const calls: string[] = [];
  const heartbeat = new Heartbeat({ ask: () => calls.push('ask'), silent: () => calls.push('silent') });
  return { calls, heartbeat };
}

test('a silent server is asked after 30 s and given up after 60 s', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { calls, heartbeat } = setUp();
  heartbeat.start();
  t.mock.timers.tick(29_999);
  assert.deepEqual(calls, []);
  t.mock.timers.tick(1);
  assert.deepEqual(calls, ['ask']);
  t.mock.timers.tick(29_999);
  assert.deepEqual(calls, ['ask']);
  t.mock.timers.tick(1);
  assert.deepEqual(calls, ['ask', 'silent']);
});

test('whatever is heard starts the patience anew, and a stopped heartbeat is still', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { calls, heartbeat } = setUp();
  heartbeat.start();
  for (let i = 0; i < 10; i++) {
    t.mock.timers.tick(15_000);
    heartbeat.heard();
  }
  assert.deepEqual(calls, []);
  heartbeat.stop();
  t.mock.timers.tick(600_000);
  assert.deepEqual(calls, []);
});
