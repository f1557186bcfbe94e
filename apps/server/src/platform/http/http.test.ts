import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, test } from 'node:test';
import Type from 'typebox';
import { ManualClock } from '../clock.manual.js';
import { AddressBlinder, createLog } from '../log/log.js';
import { Metrics } from '../metrics/metrics.js';
import { readSettings } from '../settings/environment.js';
import { PLATFORM_SETTINGS } from '../settings/platform.js';
import { Unavailable } from '../unavailable.js';
import { Addresses } from './addresses.js';
import { mountDescription } from './description.js';
import { dial, openConnections } from './dial.fixture.js';
import { mountHealth } from './health.js';
import { Hosts } from './hosts.js';
import { createHttp, type HttpApp } from './http.js';

const clock = new ManualClock(Date.UTC(2024, 1, 29));
const metrics = new Metrics();
const part = { name: 'store', healthy: () => true };
const padded = await listener(1536);
const plain = await listener(null);
after(async () => {
  await padded.close();
  await plain.close();
  metrics.close();
});

async function listener(
  frameSize: number | null,
  change: (app: HttpApp) => void = () => {},
): Promise<HttpApp> {
  const read = readSettings({}, { platform: PLATFORM_SETTINGS });
  assert.ok(read.ok);
  const app = await createHttp({
    settings: read.values.platform,
    hosts: new Hosts(undefined),
    addresses: new Addresses([]),
    log: createLog('silent'),
    blinder: new AddressBlinder(clock),
    metrics,
    frameSize,
    maxSockets: 0,
  });
  change(app);
  mountHealth(app, [part], clock, 'development');
  mountDescription(app);
  const body = Type.Object({ count: Type.Integer() });
  app.post('/sample', { config: { padded: true }, schema: { body } }, async ({ body: { count } }) => ({
    count,
  }));
  app.get('/bare', async () => ({ bare: true }));
  app.get('/away', { config: { padded: true } }, async () => {
    throw new Unavailable('the sample');
  });
  app.get('/broken', { config: { padded: true } }, async () => {
    throw new Error('secret detail');
  });
  return app;
}

const post = (payload: string, type = 'application/json') =>
  padded.inject({ method: 'POST', url: '/sample', payload, headers: { 'content-type': type } });

/** The one error shape, in whole frames. */
async function refused(
  answer: Awaited<ReturnType<typeof post>>,
  status: number,
  error: string,
): Promise<void> {
  assert.equal(answer.statusCode, status);
  assert.deepEqual(Object.keys(answer.json()), ['error', 'message', 'details']);
  assert.equal(answer.json().error, error);
  assert.equal(answer.rawPayload.length % 1536, 0);
  assert.equal(answer.headers['content-length'], String(answer.rawPayload.length));
}

test('a padded answer is whole frames and reads as it was meant', async () => {
  const answer = await post('{"count":1}');
  assert.equal(answer.rawPayload.length, 1536);
  assert.deepEqual(answer.json(), { count: 1 });
  assert.equal(answer.headers['content-length'], '1536');
});

test('routes that are not padded stay as they are, and nothing is padded without a frame size', async () => {
  assert.equal((await padded.inject('/bare')).payload, '{"bare":true}');
  assert.notEqual((await padded.inject('/openapi.json')).rawPayload.length % 1536, 0);
  assert.equal((await plain.inject('/health')).rawPayload.length < 1536, true);
});

test('every refusal at the edge has the one shape and is padded', async () => {
  await refused(await padded.inject('/nowhere'), 404, 'not_found');
  await refused(await padded.inject({ method: 'DELETE', url: '/sample' }), 404, 'not_found');
  await refused(await post('{'), 400, 'invalid_request');
  await refused(await post(''), 400, 'invalid_request');
  await refused(await post('{"count":true}'), 400, 'invalid_request');
  await refused(await post('count=1', 'application/x-www-form-urlencoded'), 415, 'unsupported_media_type');
  await refused(await post(JSON.stringify('x'.repeat(1 << 20))), 413, 'payload_too_large');
  await refused(await padded.inject('/away'), 503, 'unavailable');
  await refused(await padded.inject('/broken'), 500, 'internal_error');
});

test('a URL that cannot be read is refused like everything else', async () => {
  await refused(await padded.inject('/%'), 400, 'invalid_request');
});

test('a foreign host is answered 421, whatever it asks for', async () => {
  for (const url of ['/health', '/nowhere', '/sample']) {
    const answer = await padded.inject({ url, headers: { host: 'evil.example' } });
    await refused(answer, 421, 'misdirected');
  }
});

test('a failure of ours tells nothing of itself', async () => {
  assert.doesNotMatch((await padded.inject('/broken')).payload, /secret detail/);
});

test('a store that is away says when to come back', async () => {
  assert.match(String((await padded.inject('/away')).headers['retry-after']), /^[1-9][0-9]*$/);
});

test('health is honest about every part, and 503 while one is away', async () => {
  const well = await padded.inject('/health');
  assert.equal(well.statusCode, 200);
  assert.deepEqual(well.json(), {
    status: 'ok',
    timestamp: '2024-02-29T00:00:00.000Z',
    environment: 'development',
    services: { store: 'ok' },
  });
  part.healthy = () => false;
  const ill = await padded.inject('/health');
  part.healthy = () => true;
  assert.equal(ill.statusCode, 503);
  assert.equal(ill.rawPayload.length, 1536);
  const { status, services } = ill.json();
  assert.deepEqual({ status, services }, { status: 'degraded', services: { store: 'degraded' } });
});

test('the description is OpenAPI 3.1 and knows the routes with their schemas', async () => {
  const description = (await plain.inject('/openapi.json')).json();
  assert.match(description.openapi, /^3\.1\./);
  assert.deepEqual(
    description.paths['/sample'].post.requestBody.content['application/json'].schema.required,
    ['count'],
  );
  assert.equal('/openapi.json' in description.paths, false);
});

test('the description is made once, however often strangers ask', async () => {
  const made = plain.swagger;
  let times = 0;
  const app = await listener(null, (fresh) => {
    fresh.swagger = new Proxy(made, {
      apply(_target, _self, arguments_) {
        times += 1;
        return Reflect.apply(made, fresh, arguments_);
      },
    });
  });
  const answers = [await app.inject('/openapi.json'), await app.inject('/openapi.json')];
  await app.close();
  assert.equal(times, 1);
  assert.equal(answers[0]?.payload, answers[1]?.payload);
  assert.match(String(answers[1]?.headers['content-type']), /^application\/json/);
});

test('metrics tell the route’s pattern, never the URL', async () => {
  await padded.inject('/health?identity=abc');
  await padded.inject('/secret-path/abc');
  const told = await metrics.registry.metrics();
  assert.match(told, /requests_total\{method="GET",route="\/health",status="200"\}/);
  assert.match(told, /requests_total\{method="GET",route="none",status="404"\}/);
  assert.doesNotMatch(told, /abc|secret-path/);
});

test('a peer whose bytes are no HTTP is answered in the one shape and let go, whatever it does then', async () => {
  await padded.listen({ port: 0, host: '127.0.0.1' });
  const stay = await dial(padded.server);
  const more = await dial(padded.server);
  const told = Promise.all([once(stay, 'data'), once(more, 'data')]);
  for (const socket of [stay, more]) socket.write('no HTTP at all\r\n\r\n');
  for (const [bytes] of await told) {
    const text = String(bytes);
    assert.match(text, /^HTTP\/1.1 400 /);
    const body = text.slice(text.indexOf('{'));
    assert.equal(body.length, 1536);
    assert.equal(JSON.parse(body).error, 'invalid_request');
  }
  more.write('and more');
  more.end();
  await openConnections(padded.server, 0);
  for (const socket of [stay, more]) socket.destroy();
});
