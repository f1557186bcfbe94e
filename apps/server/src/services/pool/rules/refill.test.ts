import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { payout, type Reserve, refill } from './refill.js';

const START = 1_700_000_000_000;
const inflow = fc.record({
  refillPerSecond: fc.integer({ min: 0, max: 1e9 }),
  cap: fc.integer({ min: 0, max: 1e15 - 1 }),
});
const reserve: fc.Arbitrary<Reserve> = fc.record({
  balance: fc.integer({ min: 0, max: 1e15 }),
  refilledAt: fc.constant(START),
  rest: fc.integer({ min: 0, max: 999 }),
});
const delays = fc.array(fc.integer({ min: 0, max: 1e10 }), { maxLength: 20 });

test('how often it is asked makes no difference: a restart refills nothing twice and loses nothing', () => {
  fc.assert(
    fc.property(reserve, inflow, delays, (reserve, inflow, delays) => {
      let [often, now] = [reserve, START];
      for (const delay of delays) {
        now += delay;
        often = refill(often, now, inflow).reserve;
      }
      const once = refill(reserve, now, inflow).reserve;
      assert.equal(often.balance, once.balance);
      if (often.balance < inflow.cap) assert.deepEqual(often, once);
    }),
  );
});

test('exactly rate × time flows in, up to the cap', () => {
  fc.assert(
    fc.property(reserve, inflow, fc.integer({ min: 0, max: 1e12 }), (reserve, inflow, elapsed) => {
      const { added, reserve: after } = refill(reserve, START + elapsed, inflow);
      assert.equal(after.balance, reserve.balance + added);
      assert.ok(added >= 0);
      assert.ok(after.balance <= Math.max(inflow.cap, reserve.balance));
      if (after.balance >= inflow.cap) return;
      const thousandths = BigInt(elapsed) * BigInt(inflow.refillPerSecond) + BigInt(reserve.rest);
      assert.equal(BigInt(added) * 1_000n + BigInt(after.rest), thousandths);
    }),
  );
});

test('a clock that goes back pays nothing, and nothing twice when it is right again', () => {
  fc.assert(
    fc.property(
      reserve,
      inflow,
      delays,
      fc.integer({ min: 1, max: 1e10 }),
      (reserve, inflow, delays, back) => {
        const now = START + delays.reduce((sum, delay) => sum + delay, 0);
        const before = refill(reserve, now, inflow).reserve;
        const behind = refill(before, now - back, inflow);
        assert.equal(behind.added, 0);
        assert.deepEqual(refill(behind.reserve, now, inflow).reserve, before);
      },
    ),
  );
});

test('the first refill only starts the clock', () => {
  const fresh = { balance: 0, refilledAt: null, rest: 0 };
  const inflow = { refillPerSecond: 1_000, cap: 1_000_000 };
  const { reserve, added } = refill(fresh, START, inflow);
  assert.equal(added, 0);
  assert.equal(refill(reserve, START + 2_500, inflow).added, 2_500);
});

test('what has ever flowed in stays an exact integer', () => {
  const reserve = { balance: 0, refilledAt: START, rest: 0 };
  const inflow = { refillPerSecond: 1e9, cap: 1e15 };
  assert.equal(refill(reserve, START + 1e9, inflow, Number.MAX_SAFE_INTEGER - 7).added, 7);
});

test('a payout is its percentage of the pool, rounded down, and never more than the pool', () => {
  const balance = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(balance, fc.integer({ min: 1, max: 100 }), (balance, percent) => {
      const paid = payout(balance, percent);
      assert.ok(paid <= balance);
      const owed = BigInt(balance) * BigInt(percent) - BigInt(paid) * 100n;
      assert.ok(owed >= 0n && owed < 100n);
    }),
  );
});
