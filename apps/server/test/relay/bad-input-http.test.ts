import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { makeBundle, makeIdentity, signBundle } from '@blindpost/testbed/keys';
import { type WireAnswer, wireRequest } from '@blindpost/testbed/wire-http';
import fc from 'fast-check';
import { assertRefused } from './answers.js';
import { residentBytes } from './memory.js';
import { onEveryStore, SCALE } from './stage.js';

/** Of the 10,000 cases in all, half go to the routes; each is run on both stores. */
const RUNS = Math.max(100, Math.round(2_500 * SCALE));
const MEBIBYTES = 1024 * 1024;

const PATHS = [
  '/pow/challenge',
  '/keys/fetch',
  '/keys/random',
  '/nickname/lookup',
  '/stats',
  '/health',
  '/ws',
  '/',
];
const POSTS = ['/keys/upload', '/nickname/register', '/account/burn', '/relay', '/relay/multicast'];

/** Never a failure of the server; every refusal in the one shape. */
function assertCivil(answer: WireAnswer, what: string): void {
  assert.ok(answer.status >= 200 && answer.status < 500, `${what}: ${answer}`);
  if (answer.status < 400) return;
  const { error, message, details, ...more } = answer.json;
  assert.equal(typeof error, 'string', what);
  assert.equal(typeof message, 'string', what);
  assert.equal(typeof details, 'object', what);
  assert.deepEqual(more, {}, what);
}

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom(
    '',
    '\u0000',
    '\ud800',
    '../../etc/passwd',
    '{{7*7}}',
    "' OR 1=1 --",
    'x'.repeat(5_000),
    Number.MAX_SAFE_INTEGER,
    -0,
    1e308,
    [],
    {},
    null,
    true,
  ),
);

/** A valid body with one or more members replaced, dropped or added. */
const identity = makeIdentity();
const valid: Record<string, object> = {
  '/keys/upload': signBundle(identity, makeBundle(identity)),
  '/nickname/register': {
    nickname: 'some-name',
    identity_hash: identity.hash,
    identityKey: identity.publicKey,
    signature: identity.sign('x'),
  },
  '/account/burn': {
    identity_hash: identity.hash,
    identityKey: identity.publicKey,
    signature: identity.sign('x'),
  },
  '/relay': { to: identity.hash, body: 'x', id: 1 },
  '/relay/multicast': { targets: [{ to: identity.hash, body: 'x' }] },
};

const mutated = (path: string) =>
  fc
    .dictionary(fc.oneof(fc.constantFrom(...Object.keys(valid[path] ?? {})), fc.string()), value, {
      maxKeys: 4,
    })
    .map((changes) => JSON.stringify({ ...valid[path], ...changes }));

const deep = fc.integer({ min: 65, max: 20_000 }).map((depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`);
const truncated = (path: string) =>
  fc.integer({ min: 0, max: 400 }).map((length) => JSON.stringify(valid[path]).slice(0, length));
const garbage = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes));

const post = fc.constantFrom(...POSTS).chain((path) =>
  fc.record({
    path: fc.constant(path),
    body: fc.oneof(mutated(path), fc.json(), deep, truncated(path), garbage),
    paid: fc.boolean(),
    type: fc.constantFrom('application/json', 'application/json; charset=utf-8', 'text/plain', 'a/b', ''),
  }),
);

await onEveryStore(
  'bad input by HTTP',
  (stage) => {
    test(`${RUNS} wrong bodies never fail the server`, async () => {
      const before = residentBytes(stage.server.pid);
      await fc.assert(
        fc.asyncProperty(post, async ({ path, body, paid, type }) => {
          const headers = {
            ...(type === '' ? {} : { 'content-type': type }),
            ...(paid ? await stage.wire.paid(identity.hash) : {}),
          };
          const answer = await stage.wire.request(path, { method: 'POST', headers, body });
          assertCivil(answer, `${path} ${String(body).slice(0, 300)}`);
        }),
        { numRuns: RUNS },
      );
      assert.ok(residentBytes(stage.server.pid) - before < 200 * MEBIBYTES);
    });

    test(`${RUNS} wrong queries, paths and headers never fail the server`, async () => {
      const query = fc.oneof(fc.webQueryParameters(), fc.string().map(encodeURIComponent));
      const member = fc.constantFrom(
        'type',
        'hashes',
        'user',
        'count',
        'nick',
        'name',
        'identity_hash',
        'nickname',
      );
      const request = fc.record({
        path: fc.oneof(fc.constantFrom(...PATHS), fc.webPath()),
        query: fc.oneof(
          query,
          fc.tuple(member, fc.string()).map(([k, v]) => `${k}=${encodeURIComponent(v)}`),
        ),
        method: fc.constantFrom('GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
        seed: fc.oneof(fc.constant('a'.repeat(64)), fc.base64String({ maxLength: 80 })),
        nonce: fc.oneof(fc.nat().map(String), fc.base64String({ maxLength: 80 })),
      });
      await fc.assert(
        fc.asyncProperty(request, async ({ path, query, method, seed, nonce }) => {
          const headers = { 'x-pow-seed': seed, 'x-pow-nonce': nonce };
          const target = `${path.startsWith('/') ? path : `/${path}`}?${query}`;
          assertCivil(await stage.wire.request(target, { method, headers }), `${method} ${target}`);
        }),
        { numRuns: RUNS },
      );
    });

    test('polluting members change nothing: __proto__, constructor, prototype', async () => {
      const { hash } = makeIdentity();
      for (const name of ['__proto__', 'constructor', 'prototype']) {
        const headers = await stage.wire.paid(hash);
        const body = `{"to":"${hash}","body":"x","${name}":{"polluted":true,"to":"y","prototype":{"polluted":1}}}`;
        assertCivil(await stage.wire.post('/relay', body, headers), name);
      }
      assert.equal('polluted' in (await stage.wire.get('/health')).json, false);
    });

    test('members that stand twice never make a signed and a used value differ', async () => {
      const body = JSON.stringify(signBundle(identity, makeBundle(identity)));
      const doubled = `{"identity_hash":"${'0'.repeat(64)}",${body.slice(1)}`;
      assertCivil(await stage.wire.uploadBody(identity.hash, doubled), 'doubled');
      assert.equal((await stage.wire.get(`/keys/fetch?user=${'0'.repeat(64)}`)).status, 404);
    });

    test('bodies and headers beyond every bound are refused without being kept', async () => {
      const before = residentBytes(stage.server.pid);
      for (const path of POSTS) {
        const answer = await stage.wire.post(path, `"${'x'.repeat(3 * MEBIBYTES)}"`).catch(() => undefined);
        if (answer !== undefined) assertRefused(answer, 413, 'ERR_TOO_LARGE');
      }
      const long = await stage.wire.get('/health', { 'x-long': 'h'.repeat(100_000) }).catch(() => undefined);
      if (long !== undefined) assert.ok(long.status >= 400 && long.status < 500);
      assert.ok(residentBytes(stage.server.pid) - before < 100 * MEBIBYTES);
    });

    test('broken HTTP on a bare connection never fails the server', async () => {
      const { port } = new URL(stage.url);
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(
            fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
            fc
              .constantFrom(
                'GET /health HTTP/1.1\r\n\r\n',
                'POST /relay HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: -5\r\n\r\n',
                'POST /relay HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 10\r\ntransfer-encoding: chunked\r\n\r\n',
                'POST /relay HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n',
                'GET /ws HTTP/1.1\r\nhost: 127.0.0.1\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
                'GET /ws HTTP/1.1\r\nhost: 127.0.0.1\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n',
                'CONNECT x:1 HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n',
              )
              .map((text) => Buffer.from(text)),
          ),
          async (bytes) => {
            const answer = await new Promise<string>((resolve) => {
              const socket = connect(Number(port), '127.0.0.1', () => socket.end(bytes));
              const chunks: Buffer[] = [];
              socket.on('data', (chunk) => chunks.push(chunk));
              socket.on('error', () => {});
              socket.once('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
            });
            if (answer !== '') assert.match(answer, /^HTTP\/1\.1 [24]\d\d /, bytes.toString('latin1'));
          },
        ),
        { numRuns: Math.round(RUNS / 2) },
      );
    });

    test('afterwards it is the same process, and it still works', async () => {
      assert.equal((await stage.wire.get('/health')).status, 200);
      assert.equal(process.kill(stage.server.pid, 0), true);
      const socket = await stage.wire.login(makeIdentity());
      await socket.settle();
      const plain = await wireRequest(`${stage.url}/health`);
      assert.equal(plain.json.status, 'ok');
    });
  },
  { concurrency: 1, own: true },
);
