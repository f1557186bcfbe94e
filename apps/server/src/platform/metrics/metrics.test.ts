import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Metrics } from './metrics.js';

const metrics = new Metrics();
after(() => metrics.close());

test('open sockets are told under the name that existing clients read', async () => {
  metrics.connections.set(3);
  assert.match(await metrics.registry.metrics(), /^active_connections 3$/m);
});

test('requests are counted by method, route pattern and status, and by nothing else', async () => {
  metrics.requests.inc({ method: 'GET', route: '/keys/fetch', status: 200 });
  const counted = (await metrics.registry.metrics())
    .split('\n')
    .filter((line) => /_requests_total\{/.test(line));
  assert.deepEqual(counted, [
    'blindpost_http_requests_total{method="GET",route="/keys/fetch",status="200"} 1',
  ]);
});

test('a counter of a service appears with its labels', async () => {
  metrics.counter('sample_total', 'Samples.', ['outcome']).inc({ outcome: 'delivered' });
  assert.match(await metrics.registry.metrics(), /^sample_total\{outcome="delivered"\} 1$/m);
});

test('the loop delay is not negative', () => {
  assert.ok(metrics.loopDelay() >= 0);
});

test('a closed registry holds nothing, so that a second server in the process can register the same', async () => {
  const closed = new Metrics();
  closed.close();
  assert.equal((await closed.registry.metrics()).trim(), '');
  new Metrics().close();
});
