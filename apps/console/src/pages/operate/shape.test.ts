import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AuditTrail } from '@blindpost/protocol/identity';
import { Overview } from '@blindpost/protocol/overview';
import { startServer } from '@blindpost/testbed/server';
import { Check } from 'typebox/value';
import { hasShape } from './shape.js';

const KEY = 'an-admin-key-of-more-than-32-characters-000';

/** The same value with one of its parts replaced, for every part of it. */
function* broken(value: unknown): Generator<unknown> {
  if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      for (const other of broken(member)) {
        yield Array.isArray(value) ? value.with(Number(name), other) : { ...value, [name]: other };
      }
      if (!Array.isArray(value))
        yield Object.fromEntries(Object.entries(value).filter(([own]) => own !== name));
    }
  }
  for (const other of [null, 'text', true, 1.5, [], {}]) yield other;
}

test('what a server answers has the shape, and each part of it that is broken decides as the library says', async () => {
  const services = ['relay', 'pool', 'e2ee', 'identity'];
  const server = await startServer({ services, env: { ADMIN_API_KEY: KEY } });
  try {
    for (const [path, schema] of [
      ['/admin/overview', Overview],
      ['/api/v1/admin/audit', AuditTrail],
    ] as const) {
      const answer = await fetch(server.url + path, { headers: { authorization: `Bearer ${KEY}` } });
      const value: unknown = await answer.json();
      assert.equal(hasShape(schema, value), true);
      let refused = 0;
      for (const other of broken(value)) {
        // Bounds and patterns are left out of it: what it refuses the library refuses as well.
        if (hasShape(schema, other)) continue;
        assert.equal(Check(schema, other), false, JSON.stringify(other));
        refused += 1;
      }
      assert.ok(refused > 50, `${path}: ${refused} refused`);
    }
  } finally {
    await server.stop();
  }
});

test('text where a number must be, a member that is missing and a wrong alternative are refused', () => {
  const entry = { entries: [{ sequence: '1' }] };
  for (const value of [null, [], {}, { entries: {} }, entry])
    assert.equal(hasShape(AuditTrail, value), false);
});
