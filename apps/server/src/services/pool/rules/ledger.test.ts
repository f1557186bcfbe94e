import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type EntryKind, HOUSE, mayOwe, transfer } from './ledger.js';
import { ModelLedger } from './ledger.model.fixture.js';

const miners = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
const step = fc.record({
  kind: fc.constantFrom<EntryKind>('refill', 'payout', 'withdrawal', 'rejection', 'redemption'),
  miner: fc.constantFrom(...miners),
  amount: fc.integer({ min: 1, max: 1_000 }),
});

test('after every transfer the accounts sum to zero, and nobody but the mint is below', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const ledger = new ModelLedger();
      for (const { kind, miner, amount } of steps) {
        ledger.post(transfer(kind, miner, amount));
        assert.equal(ledger.sum(), 0);
        for (const account of [...HOUSE, ...miners]) {
          assert.ok(ledger.balance(account) >= 0 || mayOwe(account));
        }
      }
    }),
  );
});
