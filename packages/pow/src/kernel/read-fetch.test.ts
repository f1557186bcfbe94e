import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { readKernel as fetchKernel } from './read-fetch.js';
import { readKernel } from './read-node.js';

const bytes = await readKernel(new URL('../../kernels/hashcash-scalar.wasm', import.meta.url));
const server = createServer((request, response) => {
  if (request.url === '/kernel.wasm') response.end(bytes);
  else response.writeHead(404).end('no kernel');
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
assert.ok(address !== null && typeof address === 'object');
const origin = `http://127.0.0.1:${address.port}`;
after(() => server.close());

test('browsers and Node read the same bytes', async () => {
  const fetched = await fetchKernel(new URL('/kernel.wasm', origin));
  assert.deepEqual(Buffer.from(fetched), bytes);
});

test('an error page is not taken for a kernel', async () => {
  await assert.rejects(fetchKernel(new URL('/other.wasm', origin)), /answered 404/);
});
