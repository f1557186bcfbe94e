import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { quota } from './quota.js';

test('quota is ⌊amount × per unit / 10⁶⌋, exactly, or none', () => {
  const amount = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(amount, fc.integer({ min: 1, max: 1e9 }), (amount, perUnit) => {
      const exact = (BigInt(amount) * BigInt(perUnit)) / 1_000_000n;
      const carried = exact > 0n && exact <= BigInt(Number.MAX_SAFE_INTEGER);
      assert.equal(quota(amount, perUnit), carried ? Number(exact) : null);
    }),
  );
  assert.equal(quota(1, 500_000), null);
  assert.equal(quota(2, 500_000), 1);
  // In doubles this would be 9007199254740992.
  assert.equal(quota(9_007_199_254_740_991, 1_000_000), 9_007_199_254_740_991);
});
