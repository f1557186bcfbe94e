import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { PoolWire } from '@blindpost/testbed/wire-pool';
import fc from 'fast-check';
import { assertBalance, assertCivil } from './answers.js';
import { onEveryDatabase, SCALE } from './stage.js';
import { win } from './work.js';

const RUNS = Math.max(200, Math.round(5_000 * SCALE));
const MEBIBYTE = 2 ** 20;

const GETS = ['/challenge', '/balance', '/withdraw_code/history', '/admin/state', '/admin/withdrawals'];
const POSTS = ['/submit', '/withdraw', '/withdraw_code'];

/** Nothing that is a whole number above nothing: whatever money is asked for with it is refused. */
const nonsense = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }).filter((value) => !(Number.isSafeInteger(value) && Number(value) > 0)),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Number.isInteger(value)),
  fc.double({ min: 2 ** 53, noNaN: true, noDefaultInfinity: true }),
  fc.integer({ max: 0 }),
  fc.constantFrom('1', '1e3', true, null, [1], { valueOf: 1 }, '\ud800', '\u0000', 'x'.repeat(5_000)),
);

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\u0000', '../../etc/passwd', "' OR 1=1 --", '{{7*7}}', 'ä'.repeat(200)),
);

/** JSON as text, so that numbers go out that JavaScript cannot hold. */
const numeral = fc.constantFrom(
  '9007199254740992',
  '9007199254740993.0',
  '1e400',
  '-1e400',
  '0.1e1000',
  '1.0000000000000001e-320',
  '340282366920938463463374607431768211456',
  '-9007199254740993',
);

const unreadable = fc.oneof(
  fc
    .integer({ min: 65, max: 20_000 })
    .map((depth) => `{"amount_micro":${'['.repeat(depth)}${']'.repeat(depth)}}`),
  fc
    .integer({ min: 1, max: 50 })
    .map((length) => '{"amount_micro":2,"destination":"somewhere far away"}'.slice(0, length)),
  fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.json().filter((json) => !json.startsWith('{')),
);
const json = (value: fc.Arbitrary<object>) => value.map((body) => JSON.stringify(body));

/** For each route, bodies that it must refuse. */
const BODIES: Readonly<Record<string, fc.Arbitrary<string | Buffer>>> = {
  '/submit': fc.oneof(
    unreadable,
    fc.json(),
    json(
      fc.record(
        {
          track: fc.oneof(fc.constant('CPU_HASH'), text, nonsense),
          round_id: fc.oneof(text, nonsense),
          proof: fc.oneof(fc.record({ nonce: fc.oneof(text, nonsense) }), nonsense),
        },
        { requiredKeys: [] },
      ),
    ),
  ),
  '/withdraw': fc.oneof(
    unreadable,
    fc.json(),
    numeral.map((number) => `{"amount_micro":${number},"destination":"d"}`),
    json(fc.record({ amount_micro: nonsense, destination: fc.oneof(text, nonsense) }, { requiredKeys: [] })),
    json(
      fc.record({
        amount_micro: fc.constant(2),
        destination: fc.oneof(
          nonsense.filter((value) => typeof value !== 'string'),
          fc.integer({ min: 257, max: 3_000 }).map((length) => 'd'.repeat(length)),
        ),
      }),
    ),
  ),
  // Without an amount it is the whole balance, whatever else stands there.
  '/withdraw_code': fc.oneof(
    unreadable,
    numeral.map((number) => `{"amount_micro":${number}}`),
    json(fc.record({ amount_micro: nonsense })),
  ),
  '/admin/withdrawals/some-id': fc.oneof(unreadable, fc.json(), fc.constant('{"status":"paid"}')),
};

const type = fc.constantFrom(
  'application/json',
  'application/json',
  'application/json; charset=utf-8',
  'application/json; charset=utf-16',
  'text/plain',
  '',
);

await onEveryDatabase('bad input by HTTP', (stage) => {
  let miner: PoolWire;
  let held = 0;

  before(async () => {
    ({ miner, held } = await stage.winner());
  });

  /** What miners hold and what they redeemed. */
  const books = async () => {
    const { ledger, outbox } = await stage.state();
    return { miners: ledger.accounts.miner, outbox };
  };

  test(`${RUNS} wrong bodies are refused by name, fail nothing and change nothing`, async () => {
    const before = await books();
    const request = fc
      .constantFrom(...Object.entries(BODIES))
      .chain(([path, body]) =>
        fc.record({ path: fc.constant(path), prefix: fc.constantFrom('', '/pool'), body, type }),
      );
    await fc.assert(
      fc.asyncProperty(request, async ({ path, prefix, body, type }) => {
        const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
        const answer = await miner.request(`${prefix}${path}`, { method: 'POST', headers, body });
        const what = `${path} ${String(body).slice(0, 300)}`;
        assertCivil(answer, what);
        assert.ok(answer.status >= 400, `${what}: ${answer}`);
        if (answer.status !== 400 || answer.json.error !== 'invalid_request') return;
        const { details } = answer.json;
        const field: unknown =
          typeof details === 'object' && details !== null && Reflect.get(details, 'field');
        assert.ok(typeof field === 'string' && field.length > 0 && field.length <= 256, `${what}: ${answer}`);
      }),
      { numRuns: RUNS },
    );
    await assertBalance(miner, held, 0);
    assert.deepEqual(await books(), before);
  });

  test(`${RUNS} wrong paths, methods, queries and headers fail nothing and change nothing`, async () => {
    const before = await books();
    const request = fc.record({
      path: fc.oneof(
        fc.constantFrom(...GETS, ...POSTS, '/ws', '/pool', '/pool/ws', '/pool/pool/balance'),
        fc.webPath(),
      ),
      query: fc.oneof(
        fc.webQueryParameters(),
        text.map((value) => encodeURIComponent(value)),
      ),
      method: fc.constantFrom('GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'),
      key: fc.oneof(fc.base64String({ maxLength: 300 }), fc.constantFrom('', 'k'.repeat(129))),
      secret: fc.base64String({ maxLength: 80 }),
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ path, query, method, key, secret }) => {
        const target = `${path.startsWith('/') ? path : `/${path}`}?${query}`;
        const headers = { 'idempotency-key': key, 'x-pow-secret': secret };
        const answer = await miner.request(target, { method, headers });
        if (method === 'HEAD') assert.ok(answer.status < 500, `${method} ${target}: ${answer.status}`);
        else assertCivil(answer, `${method} ${target}`);
      }),
      { numRuns: RUNS },
    );
    await assertBalance(miner, held, 0);
    assert.deepEqual(await books(), before);
  });

  test('a money route asked by another method is not there, and takes nothing', async () => {
    for (const path of ['/submit', '/withdraw', '/withdraw_code']) {
      for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
        const answer = await miner.request(path, { method });
        assert.equal(answer.status, 404, `${method} ${path}: ${answer}`);
      }
    }
    for (const path of ['/challenge', '/balance', '/withdraw_code/history']) {
      assert.equal((await miner.post(path, {})).status, 404, path);
    }
    await assertBalance(miner, held, 0);
  });

  test('idempotency keys that are none of ours spend nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 129, max: 4_000 }),
        fc.constantFrom('k', 'é', '"'),
        async (length, character) => {
          const headers = { 'idempotency-key': character.repeat(length) };
          for (const [path, body] of [
            ['/withdraw', { amount_micro: 2, destination: 'd' }],
            ['/withdraw_code', { amount_micro: 2 }],
          ] as const) {
            const answer = await miner.post(path, body, headers);
            assertCivil(answer, path);
            assert.equal(answer.status, 400, String(answer));
          }
        },
      ),
      { numRuns: 20 },
    );
    await assertBalance(miner, held, 0);
  });

  test('members that pollute or stand twice change nothing', async () => {
    for (const body of [
      '{"__proto__":{"amount_micro":2,"destination":"d"}}',
      '{"constructor":{"prototype":{"amount_micro":2}},"destination":"d"}',
      '{"amount_micro":2,"destination":"d","amount_micro":"2"}',
      '{"amount_micro":2,"amount_micro":-2,"destination":"d"}',
    ]) {
      const answer = await miner.post('/withdraw', body);
      assertCivil(answer, body);
      assert.ok(answer.status >= 400, `${body}: ${answer}`);
    }
    await assertBalance(miner, held, 0);
  });

  test('bodies beyond the bound are too large, and not read to the end', async () => {
    for (const path of POSTS) {
      const large = `{"x":"${'x'.repeat(2 * MEBIBYTE)}"}`;
      // The server may close before all of it is sent.
      const answer = await miner.post(path, large).catch(() => undefined);
      if (answer !== undefined) assert.equal(answer.status, 413, String(answer));
    }
    await assertBalance(miner, held, 0);
  });

  test('afterwards it is the same process, and rounds are still won', async () => {
    assert.equal(process.kill(stage.server.pid, 0), true);
    assert.equal((await miner.get('/health')).status, 200);
    const { payout } = await win(miner);
    await assertBalance(miner, held + payout, 0);
    await stage.assertBooksBalance();
  });
});
