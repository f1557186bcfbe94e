import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../clock.manual.js';
import { MemoryVolatile } from '../volatile/memory.js';
import { Limits } from './limits.js';

const BUCKET = { name: 'request', capacity: 3, windowMs: 10_000 };
const OFF = { ...BUCKET, capacity: 0 };
const HERE = '192.0.2.7';
const THERE = '192.0.2.8';

function bench(violations: number) {
  const clock = new ManualClock();
  const blinded: string[] = [];
  const blind = (address: string) => {
    blinded.push(address);
    return `blinded ${address}`;
  };
  return {
    clock,
    blinded,
    limits: new Limits(new MemoryVolatile(clock), blind, violations, 'ERR_RATE_LIMIT'),
  };
}

async function times<T>(count: number, act: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let time = 0; time < count; time++) results.push(await act());
  return results;
}

test('an address takes its capacity and is then refused, telling 60 s at least', async () => {
  const { limits } = bench(0);
  const taken = await times(4, () => limits.address(HERE, BUCKET));
  assert.deepEqual(
    taken.map(({ refusal }) => refusal?.code ?? null),
    [null, null, null, 'ERR_RATE_LIMIT'],
  );
  assert.equal(taken[3]?.refusal?.details.retryAfter, 60);
});

test('the allowance tells the limit and what is left of it; a refusal tells the limit it broke', async () => {
  const { limits } = bench(0);
  const taken = await times(4, () => limits.address(HERE, BUCKET));
  assert.deepEqual(
    taken.map(({ allowance }) => allowance),
    [{ limit: 3, remaining: 2 }, { limit: 3, remaining: 1 }, { limit: 3, remaining: 0 }, null],
  );
  assert.deepEqual(taken[3]?.refusal?.details, { retryAfter: 60, limit: 3, jailed: false });
});

test('a bucket refills over its window, and another address has its own', async () => {
  const { limits, clock } = bench(0);
  await times(3, () => limits.address(HERE, BUCKET));
  assert.equal((await limits.address(THERE, BUCKET)).refusal, null);
  clock.advance(3_334);
  assert.equal((await limits.address(HERE, BUCKET)).refusal, null);
  assert.notEqual((await limits.address(HERE, BUCKET)).refusal, null);
});

test('buckets of two names are two', async () => {
  const { limits } = bench(0);
  await times(3, () => limits.address(HERE, BUCKET));
  assert.equal((await limits.address(HERE, { ...BUCKET, name: 'frame' })).refusal, null);
});

test('a cost takes that many, and one above what is left is refused without taking any', async () => {
  const { limits } = bench(0);
  assert.equal((await limits.address(HERE, BUCKET, 1)).refusal, null);
  assert.notEqual((await limits.address(HERE, BUCKET, 3)).refusal, null);
  assert.equal((await limits.address(HERE, BUCKET, 2)).refusal, null);
  assert.notEqual((await limits.address(HERE, BUCKET)).refusal, null);
});

test('capacity 0 is off: nothing is counted and nothing told', async () => {
  const { limits } = bench(1);
  for (const told of await times(100, () => limits.address(HERE, OFF)))
    assert.deepEqual(told, { refusal: null, allowance: null });
  for (const told of await times(100, () => limits.identity('name', OFF)))
    assert.deepEqual(told, { refusal: null, allowance: null });
  assert.equal(await limits.jailed(HERE), null);
});

test('after 5 violations an address is jailed for 300 s, on every bucket, and then free', async () => {
  const { limits, clock } = bench(5);
  await times(3 + 5, () => limits.address(HERE, BUCKET));
  const jailed = await limits.jailed(HERE);
  assert.equal(jailed?.code, 'ERR_RATE_LIMIT');
  assert.deepEqual(jailed?.details, { retryAfter: 300, limit: 0, jailed: true });
  const other = await limits.address(HERE, { ...BUCKET, name: 'frame' });
  assert.equal(other.refusal?.details.jailed, true);
  assert.equal((await limits.address(HERE, OFF)).refusal?.details.jailed, true, 'nor where a limit is off');
  clock.advance(299_999);
  // The whole term is told to the end: existing clients expect it.
  assert.equal((await limits.jailed(HERE))?.details.retryAfter, 300);
  clock.advance(1);
  assert.equal(await limits.jailed(HERE), null);
  assert.equal((await limits.address(HERE, BUCKET)).refusal, null);
});

test('4 violations jail nobody, and those older than 300 s do not count', async () => {
  const { limits, clock } = bench(5);
  await times(3 + 4, () => limits.address(HERE, BUCKET));
  assert.equal(await limits.jailed(HERE), null);
  clock.advance(300_000);
  await times(3 + 4, () => limits.address(HERE, BUCKET));
  assert.equal(await limits.jailed(HERE), null);
});

test('one address’ jail is not another’s', async () => {
  const { limits } = bench(1);
  await times(4, () => limits.address(HERE, BUCKET));
  assert.notEqual(await limits.jailed(HERE), null);
  assert.equal(await limits.jailed(THERE), null);
  assert.equal((await limits.address(THERE, BUCKET)).refusal, null);
});

test('0 violations means never jailed', async () => {
  const { limits } = bench(0);
  await times(1_000, () => limits.address(HERE, BUCKET));
  assert.equal(await limits.jailed(HERE), null);
});

test('an identity is refused but never jailed, however much it floods', async () => {
  const { limits, clock } = bench(5);
  const flood = await times(1_000, () => limits.identity('name', BUCKET));
  for (const { refusal } of flood.slice(3)) {
    assert.equal(refusal?.code, 'ERR_RATE_LIMIT');
    assert.equal(refusal?.details.jailed, false);
  }
  clock.advance(10_000);
  assert.equal((await limits.identity('name', BUCKET)).refusal, null);
});

test('an identity named like an address is not that address', async () => {
  const { limits } = bench(1);
  await times(4, () => limits.address(HERE, BUCKET));
  assert.equal((await limits.identity(`blinded ${HERE}`, BUCKET)).refusal, null);
});

test('a forgotten identity has its whole bucket again', async () => {
  const { limits } = bench(5);
  await times(4, () => limits.identity('name', BUCKET));
  await limits.forget('name');
  assert.equal((await limits.identity('name', BUCKET)).allowance?.remaining, 2);
});

test('addresses reach the store blinded only', async () => {
  const { limits, blinded } = bench(5);
  await limits.address(HERE, BUCKET);
  await limits.jailed(HERE);
  assert.deepEqual(blinded, [HERE, HERE]);
});

test('what costs more than a full bucket takes the whole of it, and is no violation while it is full', async () => {
  const { clock, limits } = bench(1);
  for (const take of [limits.address, limits.identity]) {
    const dear = () => take.call(limits, HERE, BUCKET, 100);
    assert.deepEqual(await dear(), { refusal: null, allowance: { limit: 3, remaining: 0 } });
    clock.advance(BUCKET.windowMs);
    assert.equal((await dear()).refusal, null);
    assert.equal((await dear()).refusal?.code, 'ERR_RATE_LIMIT');
  }
});
