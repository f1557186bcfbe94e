import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestServer } from '@blindpost/testbed/server';
import { makeAccount, register } from '@blindpost/testbed/wire-account';
import { assertRefused } from '../relay/answers.js';
import { eventually, onEveryDatabase } from './stage.js';

await onEveryDatabase('revocation', (stage) => {
  test('ends the token it is asked with, and no other', async () => {
    const account = await stage.account();
    const [kept, other] = [account.token, await stage.account()];
    const ended = await account.login();
    const answer = await stage.revoke(ended);
    assert.equal(answer.status, 204);
    assert.equal(answer.raw.length, 0);
    assert.equal(answer.headers['cache-control'], 'no-store');
    assertRefused(await stage.probe(ended), 401, 'unauthorized');
    assertRefused(await stage.revoke(ended), 401, 'unauthorized');
    assert.equal(await stage.holds(kept), true);
    assert.equal(await stage.holds(other.token), true);
  });

  test('of all ends every token of the account, and no other; later ones hold', async () => {
    const [account, other] = [await stage.account(), await stage.account()];
    const tokens = [account.token, await account.login(), await account.login()];
    for (const token of tokens) assert.equal(await stage.holds(token), true);
    assert.equal((await stage.revoke(account.token, true)).status, 204);
    for (const token of tokens) assertRefused(await stage.probe(token), 401, 'unauthorized');
    assert.equal(await stage.holds(other.token), true);
    assert.equal(await stage.holds(await account.login()), true);
  });

  test('with all: false it ends the one token', async () => {
    const account = await stage.account();
    const kept = account.token;
    assert.equal((await stage.revoke(await account.login(), false)).status, 204);
    assert.equal(await stage.holds(kept), true);
    assert.equal(await stage.holds(account.token), false);
  });

  test('20 at once of one token end it, whoever of them is answered first', async () => {
    const account = await stage.account();
    const answers = await Promise.all(Array.from({ length: 20 }, () => stage.revoke(account.token)));
    assert.ok(answers.every(({ status }) => status === 204 || status === 401));
    assert.ok(answers.some(({ status }) => status === 204));
    assert.equal(await stage.holds(account.token), false);
  });
});

await onEveryDatabase(
  'erasure',
  (stage) => {
    test('takes the account with every token; the key may register anew', async () => {
      const account = await stage.account();
      const tokens = [account.token, await account.login()];
      const answer = await stage.erase(account.token);
      assert.equal(answer.status, 204);
      assert.equal(answer.headers['cache-control'], 'no-store');
      for (const token of tokens) assertRefused(await stage.probe(token), 401, 'unauthorized');
      await assert.rejects(account.login(), /401/);
      const again = await register(stage.url, account);
      assert.equal(again.status, 201, String(again));
      assert.notEqual(again.json.accountId, account.id);
      for (const token of tokens) assertRefused(await stage.probe(token), 401, 'unauthorized');
    });

    test('is still true after a crash', async () => {
      const account = await stage.account();
      assert.equal((await stage.erase(account.token)).status, 204);
      await stage.restart('kill');
      assertRefused(await stage.probe(account.token), 401, 'unauthorized');
      await assert.rejects(account.login(stage.url), /401/);
    });
  },
  { own: true },
);

await onEveryDatabase(
  'two servers on one PostgreSQL',
  (stage) => {
    let other: TestServer;
    test('take the tokens of each other', async () => {
      other = await stage.another();
      const account = await stage.account();
      assert.equal(await stage.holds(account.token, other.url), true);
      assert.equal(await stage.holds(await account.login(other.url)), true);
    });

    test('a registration of one key at both gives one account', async () => {
      const { id, publicKey, sign } = await stage.account();
      const answers = await Promise.all(
        [stage.url, other.url].map((url) => register(url, { publicKey, sign })),
      );
      for (const answer of answers) assert.equal(answer.json.accountId, id);
    });

    for (const [what, end] of [
      ['a revoked token', (token: string) => stage.revoke(token)],
      ['the token of an account that ended all', (token: string) => stage.revoke(token, true)],
      ['the token of an erased account', (token: string) => stage.erase(token)],
    ] as const) {
      test(`${what} is refused at the other within a second, though that one had just let it in`, async () => {
        const { token } = await makeAccount(stage.url);
        assert.equal(await stage.holds(token, other.url), true);
        assert.equal((await end(token)).status, 204);
        const before = Date.now();
        await eventually('the other refuses it', async () => !(await stage.holds(token, other.url)));
        assert.ok(Date.now() - before < 1_000);
      });
    }
  },
  { databases: ['postgres'], own: true },
);
