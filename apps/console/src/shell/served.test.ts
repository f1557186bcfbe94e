import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readServed } from './served.js';

test('what is served is read from /health, and what is unknown left out', () => {
  const services = { relay: 'ok', pool: 'degraded', e2ee: 'broken', teapot: 'ok' };
  assert.deepEqual(readServed({ status: 'degraded', services }), { relay: 'ok', pool: 'degraded' });
  assert.deepEqual(readServed({ services: {} }), {});
});

test('an answer that is not that of /health tells nothing', () => {
  for (const answer of [null, undefined, 1, 'ok', [], {}, { services: null }, { services: 'relay' }])
    assert.equal(readServed(answer), null);
  fc.assert(fc.property(fc.jsonValue(), (answer) => void readServed(answer)));
});
