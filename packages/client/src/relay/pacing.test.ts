import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pacing } from './pacing.js';

test('a dummy each 500 ms until 5 s after the last real frame, and none before the first', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  // In small steps: a mocked timer set while time passes is due only after the whole step.
  const pass = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 100) t.mock.timers.tick(100);
  };
  let sent = 0;
  const pacing = new Pacing(() => {
    sent += 1;
  });
  pass(10_000);
  assert.equal(sent, 0);
  pacing.touch();
  pass(2000);
  assert.equal(sent, 4);
  pacing.touch();
  pass(5000);
  assert.equal(sent, 14);
  pass(10_000);
  assert.equal(sent, 14);
  pacing.touch();
  pass(500);
  assert.equal(sent, 15);
  pacing.stop();
  pass(10_000);
  assert.equal(sent, 15);
});
