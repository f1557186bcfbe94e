import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../../platform/clock.manual.js';
import type { Miner } from './miner.js';
import { Strikes } from './strikes.js';

function miner(name: string, address: string): Miner {
  return { id: Buffer.from(name), name, address };
}

test('past the allowance every strike doubles the wait, up to five minutes', () => {
  const clock = new ManualClock();
  const strikes = new Strikes(clock, 2);
  const waits = Array.from({ length: 13 }, () => {
    strikes.add(miner('a', '1'));
    return strikes.wait(miner('a', '1'));
  });
  const doubled = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map((seconds) => seconds * 1000);
  assert.deepEqual(waits, [0, 0, ...doubled]);
});

test('a new token behind the same address waits as long', () => {
  const strikes = new Strikes(new ManualClock(), 1);
  for (const name of ['a', 'b', 'c']) strikes.add(miner(name, '1'));
  assert.equal(strikes.wait(miner('d', '1')), 2000);
  assert.equal(strikes.wait(miner('d', '2')), 0);
  assert.equal(strikes.wait(miner('a', '2')), 0);
});

test('a valid proof wipes the slate of its token, not of its address', () => {
  const strikes = new Strikes(new ManualClock(), 1);
  for (let turn = 0; turn < 3; turn++) strikes.add(miner('a', '1'));
  strikes.clear(miner('a', '1'));
  assert.equal(strikes.wait(miner('a', '2')), 0);
  assert.equal(strikes.wait(miner('a', '1')), 2000);
});

test('ten quiet minutes wipe every slate', () => {
  const clock = new ManualClock();
  const strikes = new Strikes(clock, 1);
  for (let turn = 0; turn < 12; turn++) strikes.add(miner('a', '1'));
  clock.advance(600_000);
  strikes.add(miner('a', '1'));
  assert.equal(strikes.wait(miner('a', '1')), 0);
});

test('with an allowance of 0 nobody waits', () => {
  const strikes = new Strikes(new ManualClock(), 0);
  for (let turn = 0; turn < 50; turn++) strikes.add(miner('a', '1'));
  assert.equal(strikes.wait(miner('a', '1')), 0);
});

test('one strike tells a token and its address from the others, until it is forgotten', () => {
  const clock = new ManualClock();
  const strikes = new Strikes(clock, 5);
  assert.equal(strikes.any(miner('a', '1')), false);
  strikes.add(miner('a', '1'));
  assert.deepEqual(
    [miner('a', '2'), miner('b', '1'), miner('b', '2')].map((each) => strikes.any(each)),
    [true, true, false],
  );
  clock.advance(600_000);
  assert.equal(strikes.any(miner('a', '1')), false);
});

test('a wall clock that is set back or forward changes no wait', () => {
  const clock = new ManualClock();
  let wrong = 0;
  const strikes = new Strikes(
    {
      now: () => clock.now() + wrong,
      monotonic: () => clock.monotonic(),
      after: (ms, task) => clock.after(ms, task),
    },
    1,
  );
  for (let turn = 0; turn < 2; turn++) strikes.add(miner('a', '1'));
  for (wrong of [-3_600_000, 0, 3_600_000]) assert.equal(strikes.wait(miner('a', '1')), 1_000);
});
