import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { startServer } from '@blindpost/testbed/server';

const KEPT = readFileSync(new URL('../../../../../docs/openapi.json', import.meta.url), 'utf8');

test('docs/openapi.json is what the server says of itself (npm run openapi writes it)', async () => {
  const server = await startServer({ services: ['relay', 'pool', 'e2ee', 'identity'] });
  try {
    const answer = await fetch(`${server.url}/openapi.json`);
    assert.deepEqual(JSON.parse(KEPT), await answer.json());
  } finally {
    await server.stop();
  }
});
