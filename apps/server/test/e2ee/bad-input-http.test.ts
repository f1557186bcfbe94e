import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { makeE2eeUpload } from '@blindpost/testbed/wire-bundle';
import type { E2eeWire } from '@blindpost/testbed/wire-e2ee';
import type { WireAnswer } from '@blindpost/testbed/wire-http';
import fc from 'fast-check';
import { assertRefused, member } from '../relay/answers.js';
import { stock, waiting } from './answers.js';
import { bytes, message } from './messages.js';
import { ackEverything, given, sent } from './people.js';
import { routesTo } from './routes.js';
import { onEveryStage, pick, SCALE } from './stage.js';
import { changed, takesTo, wrongly } from './wrong.js';

const RUNS = Math.max(300, Math.round(6_000 * SCALE));

/** Never a failure of the server; every refusal in the one shape. */
function assertCivil(answer: WireAnswer, what: string): void {
  const told = () => `${what.slice(0, 1_000)}: ${String(answer).slice(0, 1_000)}`;
  assert.ok(answer.status >= 200 && answer.status < 500, told());
  if (answer.status < 400) return;
  const { error, message: said, details, ...more } = answer.json;
  assert.ok(typeof error === 'string' && /^[a-z_]+$/.test(error), told());
  assert.ok(typeof said === 'string' && said.length > 0, told());
  assert.ok(typeof details === 'object' && details !== null && !Array.isArray(details), told());
  assert.deepEqual(more, {}, told());
  if (answer.status !== 400) return;
  const field = member(details, 'field');
  assert.ok(typeof field === 'string' && field.length > 0 && field.length <= 256, told());
}

/** Pairs of a name and what follows it, so that a name may stand twice. */
const pairs = (body: object) =>
  Object.entries(body).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);

await onEveryStage(
  'bad input by HTTP',
  (stage) => {
    let alice: E2eeWire;
    let bob: E2eeWire;
    before(async () => {
      [alice, bob] = [await stage.account(), await stage.account()];
    });

    const takes = () => {
      const { send, ack, others } = takesTo(bob.id);
      return [send, ack, ...others];
    };
    /** Two whom no other case knows: a fault here is none elsewhere. */
    const pair = async () => [await stage.account(), await stage.account()] as const;
    /** Neither a message, nor a bundle, nor a prekey. */
    const nothingStored = async () => {
      assert.deepEqual(await waiting(bob), []);
      assert.deepEqual(await waiting(alice), []);
      assertRefused(await alice.me(), 404, 'not_found');
      assert.equal(await stock(alice), 0);
    };

    test('each route takes the right body, in camelCase and in snake_case', async () => {
      const other = await stage.account();
      for (const { path, body } of takes()) {
        const right = body();
        assert.equal((await other.post(path, right)).status, 200, path);
        const snake = JSON.stringify(body()).replace(
          /"([a-z]+[A-Z]\w*)":/g,
          (_, name: string) => `"${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}":`,
        );
        assert.match(snake, /_|hint|ids/);
        const answer = await other.post(path, snake);
        assert.equal(answer.status, 200, `${path} ${snake}: ${answer}`);
      }
      await ackEverything(bob);
    });

    test(`${RUNS} bodies with one wrong member are refused by its name, and nothing is stored`, async () => {
      const routes = takes();
      await fc.assert(
        fc.asyncProperty(wrongly(routes), async ({ place, path, name, value }) => {
          const body = changed(pick(routes, place).body(), name, value);
          const answer = await alice.post(path, body);
          const what = `${path} ${name} ${JSON.stringify(body)}`;
          assertCivil(answer, what);
          assert.ok([400, 413].includes(answer.status), `${what.slice(0, 1_000)}: ${answer}`);
          const field = String(member(answer.json.details, 'field'));
          // What is wrong about the whole of `ack` is that neither of the two stands there.
          if (path === '/messages/ack') return;
          assert.ok(
            [name, 'body'].includes(field) || field.startsWith(`${name}.`) || name.startsWith(`${field}.`),
            `${field} is not ${name}; ${what.slice(0, 1_000)}`,
          );
        }),
        { numRuns: RUNS },
      );
      await nothingStored();
    });

    test(`${RUNS} bodies of any kind fail nothing`, async () => {
      const other = await stage.account();
      const name = fc.oneof(
        fc.constantFrom(
          ...[
            'recipientId',
            'recipient_id',
            'ciphertext',
            'ids',
            'upTo',
            'up_to',
            'items',
            'identityKey',
            'meta',
          ],
          ...[
            '__proto__',
            'constructor',
            'prototype',
            'toString',
            'hasOwnProperty',
            'then',
            'length',
            '',
            '\u0000',
          ],
        ),
        fc.string(),
      );
      const body = fc.oneof(
        fc
          .dictionary(name, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 8 })
          .map((value) => JSON.stringify(value)),
        fc.json(),
        fc.string(),
        fc.uint8Array({ maxLength: 400 }).map((each) => Buffer.from(each)),
        fc
          .integer({ min: 1, max: 100_000 })
          .map((depth) => `{"meta":${'['.repeat(depth)}${']'.repeat(depth)}}`),
        fc.integer({ min: 1, max: 60_000 }).map((depth) => `${'{"meta":'.repeat(depth)}`),
        fc.constantFrom(
          '',
          '{',
          '{}',
          '[]',
          'null',
          'true',
          '0',
          '"x"',
          '{"a":1,}',
          '\ufeff{}',
          '{}\u0000',
          '{"a":NaN}',
        ),
      );
      const type = fc.constantFrom(
        ...[
          'application/json',
          'application/json',
          'application/json; charset=utf-8',
          'APPLICATION/JSON',
          '',
        ],
        ...[
          'application/json; charset=utf-16',
          'text/plain',
          'application/x-www-form-urlencoded',
          'application/jsonp',
        ],
        ...[
          'multipart/form-data; boundary=x',
          'application/problem+json',
          'x',
          '/',
          ';',
          'application/json;;',
        ],
      );
      const paths = [
        ...takes().map(({ path }) => path),
        `/messages/${randomUUID()}/ack`,
        `/keys/${bob.id}/claim`,
      ];
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...paths), body, type, async (path, text, contentType) => {
          const headers: Record<string, string> = contentType === '' ? {} : { 'content-type': contentType };
          const options = { method: 'POST', headers, body: text };
          const answer = await other.request(`/api/e2ee${path}`, options).catch(() => null);
          // What is far too large may be cut off before it is all sent.
          if (answer === null)
            return assert.ok(text.length > 60_000, `no answer: ${path} ${String(text).slice(0, 200)}`);
          assertCivil(answer, `${path} ${contentType} ${String(text).slice(0, 300)}`);
        }),
        { numRuns: RUNS },
      );
      await nothingStored();
    });

    test('meta of 100,000 levels is refused wherever meta may stand, and the server lives', async () => {
      const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
      const deepObject = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
      for (const { path, body } of takes()) {
        for (const inside of [deep, deepObject]) {
          const text = `{${[...pairs(body()), `"meta":{"a":${inside}}`].join(',')}}`;
          const answer = await alice.post(path, text).catch(() => null);
          if (answer === null) continue;
          assert.ok([400, 413].includes(answer.status), `${path}: ${answer}`);
          assertCivil(answer, path);
        }
      }
      assert.equal((await alice.request('/health')).status, 200);
      await nothingStored();
    });

    test('another content type is 415, and what is no JSON is 400 of the body', async () => {
      for (const { path, body } of takes()) {
        const text = JSON.stringify(body());
        for (const type of [
          'text/plain',
          'application/x-www-form-urlencoded',
          'multipart/form-data; boundary=x',
        ]) {
          const answer = await alice.post(path, text, { 'content-type': type });
          assertRefused(answer, 415, 'unsupported_media_type');
        }
        for (const wrong of ['{', 'nonsense', `${text}x`, text.slice(0, -1)]) {
          assertCivil(await alice.post(path, wrong), `${path} ${wrong}`);
          assert.equal((await alice.post(path, wrong)).status, 400, `${path} ${wrong}`);
        }
      }
      await nothingStored();
    });

    test('another method does nothing', async () => {
      const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
      for (const route of routesTo(bob)) {
        for (const method of methods.filter((each) => each !== route.method)) {
          const answer = await alice.request(`/api/e2ee${route.path}`, { method });
          assert.ok([400, 404, 405].includes(answer.status), `${method} ${route.path}: ${answer}`);
          assertCivil(answer, `${method} ${route.path}`);
        }
        const options = await alice.request(`/api/e2ee${route.path}`, { method: 'OPTIONS' });
        assert.ok(options.status < 500, `OPTIONS ${route.path}: ${options}`);
      }
      await nothingStored();
    });

    test(`${RUNS} paths and queries of any kind fail nothing`, async () => {
      const text = fc.oneof(
        fc.string(),
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom(
          '',
          '\u0000',
          '..',
          '.',
          '%',
          '../../../etc/passwd',
          `${bob.id}/`,
          bob.id.toUpperCase(),
        ),
      );
      const segment = fc.oneof(
        text.map((value) => encodeURIComponent(value)),
        fc.constantFrom(
          '%',
          '%00',
          '%ff',
          '%c0%af',
          '%ud800',
          '..%2f..',
          '%2e%2e',
          '*',
          ':accountId',
          '{accountId}',
        ),
      );
      const query = fc.oneof(
        fc.webQueryParameters(),
        fc
          .tuple(
            fc.constantFrom('take', 'after', 'consumeOneTimePreKey', 'consume_one_time_pre_key', 'case'),
            segment,
          )
          .map(([name, value]) => `${name}=${value}&${name}=${value}`),
        fc
          .tuple(fc.constantFrom('take', 'after', 'consumeOneTimePreKey', 'x[]', '__proto__'), segment)
          .map((pair) => pair.join('=')),
      );
      const path = fc.oneof(
        segment.map((each) => `/keys/${each}/bundle`),
        segment.map((each) => `/keys/${each}`),
        segment.map((each) => `/messages/${each}`),
        segment.map((each) => `/sessions/${each}`),
        fc.constantFrom('/keys/me', '/keys/status', '/messages/pending', '', '/', '/ws', '/messages//ack'),
      );
      await fc.assert(
        fc.asyncProperty(path, query, async (where, asked) => {
          const target = `/api/e2ee${where}?${asked}`;
          const answer = await alice.request(target).catch((error: unknown) => {
            // Node itself sends no such path.
            assert.equal(
              Reflect.get(Object(error), 'code'),
              'ERR_UNESCAPED_CHARACTERS',
              `${target}: ${error}`,
            );
            return null;
          });
          if (answer !== null && answer.status !== 426) assertCivil(answer, target);
        }),
        { numRuns: RUNS },
      );
      await nothingStored();
    });

    test('queries that are none of ours are refused by name, and take no key', async () => {
      const owner = await stage.account();
      await owner.upload(makeE2eeUpload(5));
      const wrong: [string, string][] = [
        ['take', 'abc'],
        ['take', ''],
        ['take', '1e2'],
        ['take', '0x10'],
        ['take', '1.5'],
        ['take', '9'.repeat(30)],
        ['after', '-1'],
        ['after', 'abc'],
        ['after', '1.5'],
        ['after', '9'.repeat(30)],
      ];
      for (const [name, value] of wrong) {
        assertRefused(await alice.get(`/messages/pending?${name}=${value}`), 400, 'invalid_request', name);
      }
      for (const value of ['', '1', '0', 'yes', 'TRUE%00', 'null', 'undefined', 'true,false']) {
        const answer = await alice.bundle(owner.id, value);
        assertRefused(answer, 400, 'invalid_request', 'consumeOneTimePreKey');
      }
      const twice = await alice.get(
        `/keys/${owner.id}/bundle?consumeOneTimePreKey=true&consumeOneTimePreKey=false`,
      );
      assertRefused(twice, 400, 'invalid_request', 'consumeOneTimePreKey');
      for (const none of ['x', '0', '-', '%00', 'null', `${owner.id}x`]) {
        assert.ok([400, 404].includes((await alice.get(`/keys/${none}/bundle`)).status), none);
        assert.ok([400, 404].includes((await alice.claim(none)).status), none);
        assert.ok([400, 404].includes((await alice.ensureSession(none)).status), none);
        assert.ok([400, 404].includes((await alice.ack(none)).status), none);
      }
      assert.equal(await stock(owner), 5);
    });

    test('a member in both spellings is not taken in one of them unseen', async () => {
      const carol = await stage.account();
      const texts = [
        `{"recipientId":"${bob.id}","recipient_id":"${carol.id}","ciphertext":"AAAA"}`,
        `{"recipient_id":"${carol.id}","recipientId":"${bob.id}","ciphertext":"AAAA"}`,
      ];
      for (const text of texts) {
        const answer = await alice.post('/messages', text);
        assertCivil(answer, text);
        assert.equal(answer.status, 400, `${text}: ${answer}`);
      }
      assert.deepEqual(await waiting(carol), []);
      await nothingStored();
    });

    test('an ack of neither and of both is refused', async () => {
      for (const body of [{}, { ids: [], upTo: 1 }, { ids: [randomUUID()], upTo: 0 }]) {
        assertCivil(await bob.post('/messages/ack', body), JSON.stringify(body));
        assert.equal((await bob.post('/messages/ack', body)).status, 400, JSON.stringify(body));
      }
    });

    test('odd text is refused, or comes back as it was, to both', async () => {
      const [alice, bob] = await pair();
      const odd = [
        '\u0000',
        'a\u0000b',
        '\ud800',
        '\udc00x',
        'ä',
        'a\u0308',
        '\ufeff',
        '\u202e',
        ' ',
        'null',
        '👩‍👩‍👧',
      ];
      for (const text of odd) {
        for (const name of ['groupId', 'clientMessageId', 'sessionId']) {
          const answer = await alice.post('/messages', { ...message(bob.id), [name]: text });
          assertCivil(answer, `${name} ${JSON.stringify(text)}`);
          if (answer.status !== 200) {
            assertRefused(answer, 400, 'invalid_request', name);
            continue;
          }
          assert.equal(answer.json[name], text);
          assert.equal(Reflect.get(given((await waiting(bob)).at(-1)), name), text);
        }
        const session = await alice.ensureSession(bob.id, { hint: text });
        assertCivil(session, `hint ${JSON.stringify(text)}`);
        if (session.status === 200) assert.equal(session.json.hint, text);
        const bundle = await alice.upload(makeE2eeUpload(0, { algorithm: text }));
        assertCivil(bundle, `algorithm ${JSON.stringify(text)}`);
        if (bundle.status === 200) assert.equal(bundle.json.algorithm, text);
      }
      await ackEverything(bob);
    });

    test('two client ids that differ are two, however odd the difference is', async () => {
      const [alice, bob] = await pair();
      const odd = ['\ud800', '\ud801', '\ufffd', 'x', 'X', 'x ', 'x\u0000', 'ä', 'a\u0308', '\u0000'];
      const kinds = odd.map((each) => `these ${each}`);
      const answers = [];
      for (const clientMessageId of kinds)
        answers.push(await alice.send(message(bob.id, { clientMessageId })));
      const stored = answers.filter(({ status }) => status === 200);
      for (const answer of answers) {
        if (answer.status !== 200) assertRefused(answer, 400, 'invalid_request', 'clientMessageId');
      }
      assert.equal(new Set(stored.map(({ json }) => json.id)).size, stored.length);
      assert.equal((await waiting(bob)).length, stored.length);
      await ackEverything(bob);
    });

    test('meta comes back verbatim, whatever is in it, in both spellings of the rest', async () => {
      const [alice, bob] = await pair();
      const texts = [
        '{"camelCase":1,"snake_case":2,"PascalCase":{"inner_snake":[{"innerCamel":null}]}}',
        '{"__proto__":{"admin":true},"constructor":{"prototype":{"x":1}}}',
        '{"recipient_id":1,"clientMessageId":2,"meta":{"meta":{}}}',
        '{"":"","\\u0000":"\\u0000","\\ud800":"\\udfff","toString":"x"}',
        '{"n":1e308,"m":-1.5e-300,"o":9007199254740991,"t":"2026-01-01T00:00:00+02:00"}',
        '{"b":"QUJD","z":false,"emptyList":[],"emptyObject":{},"nil":null}',
        '{"10":"b","9":"a","later":1}',
      ];
      for (const text of texts) {
        const expected: unknown = JSON.parse(text);
        for (const accept of ['application/json', 'application/json; case=snake']) {
          const body = `{"recipientId":"${bob.id}","ciphertext":"AAAA","meta":${text}}`;
          const answer = await alice.post('/messages', body, { accept });
          assertCivil(answer, text);
          if (answer.status !== 200) {
            // NUL and lone surrogates no database need hold; names that pollute no server need read.
            assert.match(text, /\\u0000|\\ud800|__proto__/, `${text}: ${answer}`);
            assertRefused(answer, 400, 'invalid_request');
            continue;
          }
          assert.deepEqual(JSON.parse(answer.raw.toString()).meta, expected, text);
          assert.ok(
            Object.hasOwn(Object(JSON.parse(answer.raw.toString()).meta), '__proto__') ===
              text.includes('__proto__'),
          );
          const seen = await bob.get('/messages/pending', { accept });
          const queue: { meta: unknown }[] = JSON.parse(seen.raw.toString());
          assert.deepEqual(given(queue.at(-1)).meta, expected, text);
          await ackEverything(bob);
        }
      }
    });

    test('a number in meta that no double holds is refused, or comes back as the number it was', async () => {
      const [alice, bob] = await pair();
      for (const numeral of ['1e400', '-1e400', '1e99999']) {
        const body = `{"recipientId":"${bob.id}","ciphertext":"AAAA","meta":{"n":${numeral}}}`;
        const answer = await alice.post('/messages', body);
        assertCivil(answer, body);
        if (answer.status === 200) assert.notEqual(answer.json.meta, null, String(answer));
        if (answer.status === 200)
          assert.notEqual(member(answer.json.meta, 'n'), null, `${numeral}: ${answer}`);
      }
      await ackEverything(bob);
    });

    test('numerals that no double holds are no sequences, ids or types', async () => {
      const [alice, bob] = await pair();
      for (const numeral of [
        '1e400',
        '-1e400',
        '9007199254740993',
        '1.0000000000000001e-320',
        '340282366920938463463374607431768211456',
      ]) {
        for (const [path, body] of [
          ['/messages/ack', `{"upTo":${numeral}}`],
          ['/messages', `{"recipientId":"${bob.id}","ciphertext":"AAAA","type":${numeral}}`],
          [
            '/keys/upload',
            JSON.stringify(makeE2eeUpload()).replace('"signedPreKeyId":1', `"signedPreKeyId":${numeral}`),
          ],
        ] as const) {
          const answer = await alice.post(path, body);
          assertCivil(answer, `${path} ${numeral}`);
          assert.equal(answer.status, 400, `${path} ${numeral}: ${answer}`);
        }
      }
      assert.deepEqual(await waiting(bob), []);
    });

    test('dates at the ends of time are taken or refused, and the queue can be read', async () => {
      const [alice, bob] = await pair();
      for (const expiresAt of [
        '9999-12-31T23:59:59Z',
        '9999-12-31T23:59:59.999999999Z',
        '9999-12-31T23:59:59-23:59',
        '2099-06-30T23:59:60Z',
        '2099-01-01T00:00:00.123456789123456789Z',
        '2099-01-01t00:00:00z',
        '2099-01-01T24:00:00Z',
        '2099-01-01T00:00:00-00:00',
      ]) {
        const answer = await alice.send(message(bob.id, { expiresAt }));
        assertCivil(answer, expiresAt);
        if (answer.status !== 200) assertRefused(answer, 400, 'invalid_request', 'expiresAt');
        else
          assert.equal(
            new Date(String(answer.json.expiresAt)).toISOString(),
            answer.json.expiresAt,
            expiresAt,
          );
        await waiting(bob);
      }
      await ackEverything(bob);
    });

    test('afterwards it is the same process, it has failed at nothing, and messages pass', async () => {
      assert.equal(process.kill(stage.server.pid, 0), true);
      assert.equal((await alice.request('/health')).status, 200);
      const envelope = await sent(alice, bob.id, { ciphertext: bytes(100) });
      assert.deepEqual(
        (await waiting(bob)).map(({ id }) => id),
        [envelope.id],
      );
      const { stdout, stderr } = stage.server;
      assert.doesNotMatch(stdout + stderr, /request failed|unhandled|uncaught|internal_error/i);
    });
  },
  { own: true },
);
