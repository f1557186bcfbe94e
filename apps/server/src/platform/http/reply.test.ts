import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuse } from '@blindpost/protocol/errors';
import { refusalHeaders } from './reply.js';

test('a refusal that tells a time says Retry-After, another nothing', () => {
  assert.deepEqual(refusalHeaders(refuse('ERR_UNAVAILABLE', { retryAfter: 5 })), { 'Retry-After': '5' });
  assert.deepEqual(refusalHeaders(refuse('ERR_NOT_FOUND', { limit: 3 })), {});
});

test('a limit that refused also tells itself, nothing remaining, and when it is full again', () => {
  const told = { 'Retry-After': '60', 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': '60' };
  for (const code of ['ERR_RATE_LIMIT', 'rate_limit_exceeded'] as const) {
    const refusal = refuse(code, { retryAfter: 60, limit: 150 });
    assert.deepEqual(refusalHeaders(refusal), { ...told, 'X-RateLimit-Limit': '150' });
  }
});
