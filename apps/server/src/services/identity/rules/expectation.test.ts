import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toField } from '@blindpost/zk/context';
import { entityTypeByCode } from '@blindpost/zk/entity-types';
import fc from 'fast-check';
import { timeOf, unmet } from './expectation.js';

const NOW = 1_750_000_000_000;
const type = entityTypeByCode('AI.CA') ?? assert.fail();
const said = (contextId: bigint) => ({ type, contextId });
const fieldOf = (...asked: Parameters<typeof unmet>) => unmet(...asked)?.details.field ?? null;

test('nothing expected is met by anything', () => {
  assert.equal(unmet(undefined, said(1n), NOW), null);
  assert.equal(unmet({}, said(1n), NOW), null);
});

test('type, category and context are each held to', () => {
  const met = { entityType: 'AI.CA', category: 'AI', contextId: 'session' } as const;
  assert.equal(unmet(met, said(toField('session')), NOW), null);
  assert.equal(fieldOf({ ...met, entityType: 'AI.GN' }, said(toField('session')), NOW), 'expect.entityType');
  assert.equal(fieldOf({ ...met, category: 'HU' }, said(toField('session')), NOW), 'expect.category');
  assert.equal(fieldOf(met, said(toField('Session')), NOW), 'expect.contextId');
  assert.equal(unmet({ entityType: 'constructor' }, said(1n), NOW)?.code, 'invalid_type');
});

test('a context is a time by its digits: 10 of seconds, 13 of milliseconds, no others', () => {
  assert.equal(timeOf(1_750_000_000n), 1_750_000_000_000);
  assert.equal(timeOf(1_750_000_000_123n), 1_750_000_000_123);
  for (const odd of [0n, 175n, 175_000_000n, 17_500_000_000n, 17_500_000_000_000n, 10n ** 70n]) {
    assert.equal(timeOf(odd), null);
    assert.equal(fieldOf({ maxAgeMs: 1e15 }, said(odd), NOW), 'expect.maxAgeMs');
  }
});

test('a proof is young enough up to its age, and no more than a minute ahead', () => {
  fc.assert(
    fc.property(fc.integer({ min: -200_000, max: 200_000 }), fc.nat(200_000), (age, maxAgeMs) => {
      const met = unmet({ maxAgeMs }, said(BigInt(NOW - age)), NOW) === null;
      assert.equal(met, age <= maxAgeMs && age >= -60_000);
    }),
  );
});
