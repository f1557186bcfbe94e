import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Miner } from './miner.js';
import { Slots } from './slots.js';

function miner(name: string, address: string): Miner {
  return { id: Buffer.from(name), name, address };
}

test('a token holds so many slots from all its addresses together, and so does an address', () => {
  const slots = new Slots(2);
  const first = slots.take(miner('a', '1'));
  assert.notEqual(slots.take(miner('a', '2')), null);
  assert.equal(slots.take(miner('a', '3')), null);
  assert.notEqual(slots.take(miner('b', '1')), null);
  assert.equal(slots.take(miner('c', '1')), null);
  first?.();
  assert.notEqual(slots.take(miner('c', '1')), null);
});

test('what was given back leaves nothing behind: the bound holds after any number of turns', () => {
  const slots = new Slots(1);
  for (let turn = 0; turn < 100; turn++) {
    const release = slots.take(miner('a', '1'));
    assert.notEqual(release, null);
    assert.equal(slots.take(miner('a', '1')), null);
    release?.();
  }
});

test('a bound of 0 is off', () => {
  const slots = new Slots(0);
  for (let turn = 0; turn < 100; turn++) assert.notEqual(slots.take(miner('a', '1')), null);
});
