import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import fc from 'fast-check';
import { PoolError, PoolHttp } from './index.js';
import { refusal, StandIn } from './stand-in.fixture.js';
import { isMinerToken, newMinerToken } from './token.js';

const pool = new StandIn();
const token = newMinerToken();
let http: PoolHttp;

before(() => pool.start());
after(() => pool.stop());
beforeEach(() => {
  http = new PoolHttp({ url: pool.url, token });
  pool.asked.length = 0;
});

const CODE = { status: 'ok', code: 'ab'.repeat(16), quota: 1, amount_micro: 2 };
const PROOF = { track: 'CPU_HASH', round_id: 'r', nonce: 'n' } as const;

function coded(code: string): (error: unknown) => boolean {
  return (error) => error instanceof PoolError && error.code === code;
}

test('a new token has the form of a token and no two are the same', () => {
  const tokens = Array.from({ length: 1000 }, newMinerToken);
  assert.ok(tokens.every(isMinerToken));
  assert.equal(new Set(tokens).size, tokens.length);
});

test('what is no token or no address is refused when the client is made', () => {
  assert.throws(() => new PoolHttp({ url: pool.url, token: 'bp_short' }), TypeError);
  assert.throws(() => new PoolHttp({ url: 'ftp://pool', token }), TypeError);
});

test('every request carries the token and lies below /pool, a submit the secret once there is one', async () => {
  pool.answer = () => ({ body: { status: 'too_late' } });
  await http.submit(PROOF);
  http.secret = 'cd'.repeat(32);
  await http.submit(PROOF);
  const [first, second] = pool.asked;
  assert.equal(first?.path, '/pool/submit');
  assert.equal(first?.headers.authorization, `Bearer ${token}`);
  assert.equal(first?.headers['x-pow-secret'], undefined);
  assert.equal(second?.headers['x-pow-secret'], 'cd'.repeat(32));
  assert.deepEqual(second?.body, { track: 'CPU_HASH', round_id: 'r', proof: { nonce: 'n' } });
});

test('a refusal keeps the code and the details of the server', async () => {
  pool.answer = () => ({ status: 409, body: { ...refusal('insufficient_balance'), reason: 'x' } });
  await assert.rejects(http.withdraw(1, 'me'), coded('insufficient_balance'));
  assert.equal(pool.asked.length, 1, 'asked once: asking again would not help');
});

test('a payment whose answer is lost is repeated with the same key until it is answered', async () => {
  let lost = 2;
  pool.answer = () => (lost-- > 0 ? undefined : { body: CODE });
  assert.deepEqual(await http.withdrawCode(2), CODE);
  lost = 1;
  pool.answer = () =>
    lost-- > 0
      ? { status: 503, headers: { 'retry-after': '0' }, body: refusal('unavailable') }
      : { body: { request_id: 'w', status: 'pending' } };
  assert.deepEqual(await http.withdraw(1, 'me'), { request_id: 'w', status: 'pending' });
  const keys = pool.asked.map(({ headers }) => headers['idempotency-key']);
  assert.deepEqual(
    keys.map((key) => keys.indexOf(key)),
    [0, 0, 0, 3, 3],
  );
});

test('a payment is not repeated for ever, nor when the server asks for more patience than a person has', async () => {
  pool.answer = () => ({ status: 503, headers: { 'retry-after': '3600' }, body: refusal('unavailable') });
  await assert.rejects(http.withdrawCode(), coded('unavailable'));
  assert.equal(pool.asked.length, 1);
  pool.answer = () => undefined;
  await assert.rejects(http.withdrawCode(), coded('unreachable'));
  assert.equal(pool.asked.length, 6);
});

test('an answer that is not the protocol is a bad answer, never believed', async () => {
  const verbs = [
    () => http.challenge(),
    () => http.submit(PROOF),
    () => http.balance(),
    () => http.withdraw(1, 'me'),
    () => http.withdrawCode(),
    () => http.history(),
  ];
  for (const body of ['not json', { status: 'win', payout_micro: 0.5 }, { pending_balance_micro: -1 }]) {
    pool.answer = () => ({ body });
    for (const verb of verbs) await assert.rejects(verb(), coded('bad_answer'));
  }
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.constantFrom(...verbs), async (body, verb) => {
      pool.answer = () => ({ body });
      await assert.rejects(verb(), coded('bad_answer'));
    }),
  );
});
