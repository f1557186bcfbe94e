import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import fc from 'fast-check';
import { E2eeHttp } from '../e2ee/index.js';
import { ACCOUNT, type Asked, refusal, type Said, StandIn } from '../e2ee/stand-in.fixture.js';
import { AccountError, AccountKey, AccountLogin, register } from './index.js';

const server = new StandIn();
const key = AccountKey.create();
const SEED = 'ab'.repeat(32);
const HOUR_MS = 3_600_000;

let valid: string;
let logins: number;
/** How long a token holds, as the server says. */
let ttlMs: number;
let login: AccountLogin;

before(() => server.start());
after(() => server.stop());
beforeEach(async () => {
  await server.reset();
  valid = '';
  logins = 0;
  ttlMs = HOUR_MS;
  server.answer = answer;
  login = new AccountLogin({ url: server.url, accountId: ACCOUNT, key });
});

function answer({ path, headers, body }: Asked): Said {
  if (path === '/pow/challenge')
    return { body: { seed: SEED, difficulty: 4, unit: 'bits', expires_at_ms: 0 } };
  if (path === '/api/accounts') return { status: 201, body: { accountId: ACCOUNT } };
  if (path === '/api/accounts/challenge')
    return { body: { challenge: 'cd'.repeat(32), expiresAt: time(60_000) } };
  if (path === '/api/accounts/token') {
    logins += 1;
    valid = `token${logins}`;
    assert.ok(signed(`TOKEN:${new URL(server.url).host}:${'cd'.repeat(32)}:${ACCOUNT}`, body));
    return { body: { token: valid, tokenType: 'Bearer', expiresAt: time(ttlMs) } };
  }
  if (headers.authorization !== `Bearer ${valid}`) return { status: 401, body: refusal('unauthorized') };
  if (path.startsWith('/api/accounts/')) return { status: 204 };
  return { body: { oneTimePreKeys: 50, low: false } };
}

const time = (inMs: number) => new Date(Date.now() + inMs).toISOString();

function signed(text: string, body: unknown): boolean {
  const der = Buffer.concat([
    Buffer.from('302a300506032b6570032100', 'hex'),
    Buffer.from(key.publicKey, 'base64'),
  ]);
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return verify(null, Buffer.from(text), publicKey, Buffer.from(String(Object(body).signature), 'base64'));
}

test('a key is stored by its secret and of no other length', () => {
  assert.equal(AccountKey.fromSecret(key.secret).publicKey, key.publicKey);
  assert.notEqual(AccountKey.create().publicKey, key.publicKey);
  assert.throws(() => AccountKey.fromSecret(new Uint8Array(33)), RangeError);
});

test('registering pays for the public key, signs the seed, and answers the id', async () => {
  assert.equal(await register({ url: server.url, key }), ACCOUNT);
  const [challenge, paid] = server.asked;
  assert.equal(String(challenge?.query), 'type=account');
  assert.equal(paid?.headers['x-pow-seed'], SEED);
  assert.equal(Object(paid?.body).publicKey, key.publicKey);
  assert.ok(signed(`ACCOUNT:${SEED}:${key.publicKey}`, paid?.body));
});

test('registering goes on after a seed that grew old and an answer that was lost, not after a refusal', async () => {
  const turns: (Said | undefined)[] = [{ status: 401, body: refusal('ERR_EXPIRED') }, undefined];
  server.answer = (asked) =>
    asked.path === '/api/accounts' && turns.length > 0 ? turns.shift() : answer(asked);
  assert.equal(await register({ url: server.url, key }), ACCOUNT);
  assert.equal(server.of('accounts').length, 3);
  server.answer = (asked) =>
    asked.path === '/api/accounts' ? { status: 401, body: refusal('ERR_POW_INVALID') } : answer(asked);
  await assert.rejects(register({ url: server.url, key }), { code: 'ERR_POW_INVALID' });
  assert.equal(server.of('accounts').length, 4);
});

test('a price beyond reason is not paid', async () => {
  server.answer = () => ({ body: { seed: SEED, difficulty: 60, unit: 'bits', expires_at_ms: 0 } });
  await assert.rejects(register({ url: server.url, key }), {
    code: 'bad_answer',
    details: { field: 'challenge' },
  });
});

test('fifty callers share one login, and one renewal when the server takes the token no longer', async () => {
  const http = new E2eeHttp({ url: server.url, tokens: login });
  const fifty = () => Promise.all(Array.from({ length: 50 }, () => http.keyStatus()));
  await fifty();
  assert.equal(logins, 1);
  valid = 'another';
  await fifty();
  assert.equal(logins, 2);
});

test('a token is renewed before it ends, and kept for a minute though a clock be wrong', async (t) => {
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  await login.token();
  now += HOUR_MS - 61_000;
  assert.equal(await login.token(), 'token1');
  now += 2_000;
  ttlMs = -HOUR_MS;
  assert.equal(await login.token(), 'token2');
  now += 59_000;
  assert.equal(await login.token(), 'token2');
  now += 2_000;
  assert.equal(await login.token(), 'token3');
});

test('a login that is refused rejects, and the next one is a new one', async () => {
  server.answer = (asked) =>
    asked.path === '/api/accounts/token' ? { status: 401, body: refusal('unauthorized') } : answer(asked);
  await assert.rejects(
    login.token(),
    (error) => error instanceof AccountError && error.code === 'unauthorized',
  );
  server.answer = answer;
  assert.equal(await login.token(), 'token1');
});

test('revoking ends the present token, or with a login every one', async () => {
  await login.revoke();
  assert.equal(server.asked.length, 0, 'there is none');
  const token = await login.token();
  await login.revoke();
  assert.deepEqual(
    server.of('accounts/revoke').map(({ body, headers }) => [body, headers.authorization]),
    [[{}, `Bearer ${token}`]],
  );
  assert.notEqual(await login.token(), token);
  valid = 'another';
  await login.revoke();
  await login.revoke({ all: true });
  assert.deepEqual(server.of('accounts/revoke').at(-1)?.body, { all: true });
});

test('deleting an account is done when its answer was lost and it is gone', async () => {
  let gone = false;
  server.answer = (asked) => {
    if (gone && asked.path === '/api/accounts/token') return { status: 401, body: refusal('unauthorized') };
    if (asked.method !== 'DELETE') return answer(asked);
    if (gone) return { status: 401, body: refusal('unauthorized') };
    gone = true;
    return undefined;
  };
  await login.deleteAccount();
  assert.deepEqual(
    server.of('accounts/me').map(({ method }) => method),
    ['DELETE', 'DELETE'],
  );
  await assert.rejects(login.deleteAccount(), { code: 'unauthorized' }, 'but not where nothing was lost');
});

test('answers that are not the protocol are not believed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.constantFrom('', '/challenge', '/token'), async (odd, path) => {
      server.answer = (asked) => (asked.path === `/api/accounts${path}` ? { body: odd } : answer(asked));
      const fresh = new AccountLogin({ url: server.url, accountId: ACCOUNT, key });
      await assert.rejects(path === '' ? register({ url: server.url, key }) : fresh.token(), {
        code: 'bad_answer',
      });
    }),
  );
  for (const token of ['', 'a b', 'a\r\nx: y']) {
    server.answer = (asked) =>
      asked.path === '/api/accounts/token'
        ? { body: { token, tokenType: 'Bearer', expiresAt: time(1) } }
        : answer(asked);
    await assert.rejects(login.token(), { code: 'bad_answer' });
  }
});
