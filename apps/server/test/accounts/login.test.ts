import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { AccountChallenge, TokenAnswer } from '@blindpost/protocol/accounts';
import { makeIdentity } from '@blindpost/testbed/keys';
import type { TestAccount } from '@blindpost/testbed/wire-account';
import type { WireAnswer, WireRequest } from '@blindpost/testbed/wire-http';
import { assertOk, assertRefused } from '../relay/answers.js';
import { onEveryDatabase, type Stage } from './stage.js';

const PUBLIC = 'https://post.example';

async function challenge(stage: Stage, accountId: string): Promise<string> {
  return assertOk(await stage.post('/challenge', { accountId }), AccountChallenge).challenge;
}

interface Login {
  host?: string;
  id?: string;
  challenge?: string;
  signer?: { sign(text: string): string };
}

/** Logs in as it should be, but for what `change` says; `options` go with the request. */
async function logIn(
  stage: Stage,
  account: TestAccount,
  change: Login = {},
  options: WireRequest = {},
): Promise<WireAnswer> {
  const { host = new URL(stage.url).host, id = account.id, signer = account } = change;
  const text = change.challenge ?? (await challenge(stage, id));
  const signature = signer.sign(`TOKEN:${host}:${text}:${id}`);
  return stage.post('/token', { accountId: id, challenge: text, signature }, options);
}

await onEveryDatabase(
  'login',
  (stage) => {
    test('challenge and signature give a token of an hour', async () => {
      const account = await stage.account();
      const before = Date.now();
      const answer = await logIn(stage, account);
      const { token, tokenType, expiresAt } = assertOk(answer, TokenAnswer);
      assert.equal(tokenType, 'Bearer');
      assert.equal(answer.headers['cache-control'], 'no-store');
      const left = Date.parse(expiresAt) - before;
      assert.ok(left > 3_595_000 && left <= 3_602_000, expiresAt);
      assert.equal(await stage.holds(token), true);
      const [, payload = ''] = token.split('.');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
      const { sub, device, iss, aud, iat, exp } = claims;
      assert.deepEqual([sub, device, iss, aud], [account.id, 'default', PUBLIC, PUBLIC]);
      assert.equal(exp - iat, 3_600);
      assert.equal(exp * 1000, Date.parse(expiresAt));
    });

    test('a challenge is good for 60 seconds and tells when they are over', async () => {
      const before = Date.now();
      const answer = await stage.post('/challenge', { accountId: (await stage.account()).id });
      const left = Date.parse(assertOk(answer, AccountChallenge).expiresAt) - before;
      assert.ok(left >= 60_000 && left < 65_000, String(left));
    });

    test('an id may be written in either case, and is signed as it was sent', async () => {
      const account = await stage.account();
      assertOk(await logIn(stage, account, { id: account.id.toUpperCase() }), TokenAnswer);
    });

    test('a challenge is spent by a token, and by a wrong signature', async () => {
      const account = await stage.account();
      const once = await challenge(stage, account.id);
      assertOk(await logIn(stage, account, { challenge: once }), TokenAnswer);
      assertRefused(await logIn(stage, account, { challenge: once }), 401, 'unauthorized', 'challenge');
      const wasted = await challenge(stage, account.id);
      const signer = makeIdentity();
      const wrong = await logIn(stage, account, { challenge: wasted, signer });
      assertRefused(wrong, 401, 'unauthorized', 'signature');
      assertRefused(await logIn(stage, account, { challenge: wasted }), 401, 'unauthorized', 'challenge');
    });

    test('of 20 tokens asked for with one challenge at once, one is given', async () => {
      const account = await stage.account();
      const text = await challenge(stage, account.id);
      const tries = Array.from({ length: 20 }, () => logIn(stage, account, { challenge: text }));
      const answers = await Promise.all(tries);
      assert.equal(answers.filter(({ status }) => status === 200).length, 1);
      assert.equal(answers.filter(({ status }) => status === 401).length, 19);
    });

    test("a challenge that was made up, or is another account's, is refused", async () => {
      const [account, other] = [await stage.account(), await stage.account()];
      for (const text of ['ab'.repeat(32), await challenge(stage, other.id)]) {
        assertRefused(await logIn(stage, account, { challenge: text }), 401, 'unauthorized', 'challenge');
      }
    });

    test('an id that nobody has is answered like a wrong signature of one that somebody has', async () => {
      const account = await stage.account();
      const ids = [account.id, randomUUID(), '00000000-0000-0000-0000-000000000000'];
      const challenges = [];
      const tokens = [];
      for (const id of ids) {
        const answer = await stage.post('/challenge', { accountId: id });
        const { challenge: text, expiresAt, ...more } = assertOk(answer, AccountChallenge);
        challenges.push([Object.keys(answer.headers), text.length, expiresAt.length, more]);
        const token = await logIn(stage, account, { id, challenge: text, signer: makeIdentity() });
        assertRefused(token, 401, 'unauthorized', 'signature');
        tokens.push([Object.keys(token.headers), token.json]);
      }
      for (const each of challenges) assert.deepEqual(each, challenges[0]);
      for (const each of tokens) assert.deepEqual(each, tokens[0]);
    });

    test('what was signed for another host, account or challenge gives no token', async () => {
      const account = await stage.account();
      for (const host of ['evil.example', '', 'post.example', '127.0.0.1']) {
        assertRefused(await logIn(stage, account, { host }), 401, 'unauthorized', 'signature');
      }
      const text = await challenge(stage, account.id);
      const host = new URL(stage.url).host;
      for (const signed of [
        `TOKEN:${host}:${text}:${randomUUID()}`,
        `TOKEN:${host}:${await challenge(stage, account.id)}:${account.id}`,
        `ACCOUNT:${host}:${text}:${account.id}`,
      ]) {
        const signer = { sign: () => account.sign(signed) };
        assertRefused(await logIn(stage, account, { signer }), 401, 'unauthorized', 'signature');
      }
    });

    test('the public host is ours; a loopback name behind a proxy need not be', async () => {
      const account = await stage.account();
      const host = 'post.example';
      assertOk(await logIn(stage, account, { host }, { headers: { host } }), TokenAnswer);
      const proxied = { headers: { 'x-forwarded-for': '198.51.100.7' } };
      assertRefused(await logIn(stage, account, {}, proxied), 401, 'unauthorized', 'host');
      const port = `${host}:8443`;
      const other = await logIn(stage, account, { host: port }, { headers: { host: port } });
      assertRefused(other, 401, 'unauthorized', 'host');
      const foreign = await logIn(stage, account, {}, { headers: { host: 'evil.example' } });
      assertRefused(foreign, 421, 'misdirected');
    });
  },
  { env: { PUBLIC_URL: PUBLIC } },
);

await onEveryDatabase(
  'limit of requests',
  (stage) => {
    test('beyond it an address is told when to come back; others are not', async () => {
      const ask = (from: string) => stage.post('/challenge', { accountId: randomUUID() }, { from });
      const answers = await Promise.all(Array.from({ length: 40 }, () => ask('127.0.30.1')));
      const refused = answers.filter(({ status }) => status !== 200);
      assert.ok(refused.length >= 15 && refused.length <= 20, `${refused.length} refused`);
      for (const each of refused) {
        assertRefused(each, 429, 'rate_limit_exceeded');
        assert.ok(Number(each.headers['retry-after']) > 0);
        assert.equal(each.headers['x-ratelimit-limit'], '20');
        assert.equal(each.headers['cache-control'], 'no-store');
      }
      const other = await ask('127.0.30.2');
      assert.equal(other.status, 200);
      assert.equal(other.headers['x-ratelimit-limit'], '20');
      assert.equal(other.headers['x-ratelimit-remaining'], '19');
    });
  },
  { env: { ACCOUNTS_LIMIT_REQUESTS: '20' }, databases: ['sqlite'] },
);
