import assert from 'node:assert/strict';
import { createHmac, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign } from 'node:crypto';
import { before, test } from 'node:test';
import type { TestAccount } from '@blindpost/testbed/wire-account';
import { makeJwt } from '@blindpost/testbed/wire-jwt';
import { assertRefused } from '../relay/answers.js';
import { onEveryDatabase, SECRET, type Stage } from './stage.js';

const NAME = 'https://post.example';

/** The servers' own key: what is refused here is refused though whoever made it had everything but the right. */
function serversKey(): KeyObject {
  const seed = Buffer.from(hkdfSync('sha256', SECRET, 'blindpost', 'account token', 32));
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  return createPrivateKey({ key: Buffer.concat([prefix, seed]), format: 'der', type: 'pkcs8' });
}

await onEveryDatabase(
  'tokens',
  (stage: Stage) => {
    const key = serversKey();
    const signer = (input: Buffer) => sign(null, input, key);
    const header = { alg: 'EdDSA', typ: 'JWT' };
    let account: TestAccount;
    before(async () => {
      account = await stage.account();
    });
    const claims = () => {
      const iat = Math.floor(Date.now() / 1000);
      const own = { sub: account.id, device: 'default', jti: 'x', gen: 0 };
      return { iss: NAME, aud: NAME, iat, exp: iat + 3_600, ...own };
    };
    const refused = async (token: string) => assertRefused(await stage.probe(token), 401, 'unauthorized');

    test('without a token, or with something else, nobody gets in', async () => {
      for (const authorization of [
        undefined,
        '',
        'Bearer',
        'Bearer ',
        `Basic ${account.token}`,
        account.token,
      ]) {
        const headers = authorization === undefined ? {} : { authorization };
        const answer = await stage.request('/revoke', { method: 'POST', headers });
        assertRefused(answer, 401, 'unauthorized', 'authorization');
        assertRefused(await stage.request('/me', { method: 'DELETE', headers }), 401, 'unauthorized');
      }
    });

    test('the scheme is read in either case', async () => {
      const headers = { authorization: `bEARER ${account.token}`, 'content-type': 'application/json' };
      assertRefused(await stage.post('/revoke', { all: 1 }, { headers }), 400, 'invalid_request', 'all');
    });

    test('the same claims under the same key are a token: what follows is refused for its difference', async () => {
      assert.equal(await stage.holds(makeJwt(header, claims(), signer)), true);
    });

    test('a token of another issuer or audience, expired, or of another account is refused', async () => {
      const hour = Math.floor(Date.now() / 1000) - 3_600;
      for (const change of [
        { iss: 'https://evil.example' },
        { aud: 'https://evil.example' },
        { iss: undefined },
        { aud: undefined },
        { exp: hour },
        { exp: undefined },
        { nbf: hour + 9_000 },
        { sub: '00000000-0000-0000-0000-000000000000' },
        { sub: 'me' },
        { gen: 1 },
        { gen: undefined },
        { device: undefined },
        { jti: undefined },
      ]) {
        await refused(makeJwt(header, { ...claims(), ...change }, signer));
      }
    });

    test('alg none, and HS256 with the public key as its secret, are refused', async () => {
      await refused(makeJwt({ ...header, alg: 'none' }, claims(), () => Buffer.alloc(0)));
      await refused(makeJwt({ ...header, alg: 'none' }, claims(), signer));
      const publicKey = createPublicKey(key);
      for (const secret of [
        publicKey.export({ format: 'pem', type: 'spki' }),
        publicKey.export({ format: 'der', type: 'spki' }),
        publicKey.export({ format: 'der', type: 'spki' }).subarray(-32),
      ]) {
        const hmac = (input: Buffer) => createHmac('sha256', secret).update(input).digest();
        await refused(makeJwt({ ...header, alg: 'HS256' }, claims(), hmac));
      }
    });

    test('an altered token is refused', async () => {
      const [head = '', payload = '', signature = ''] = account.token.split('.');
      const other = Buffer.from(JSON.stringify({ ...claims(), sub: (await stage.account()).id }));
      await refused(`${head}.${other.toString('base64url')}.${signature}`);
      await refused(`${head}.${payload}`);
      await refused(`${head}.${payload}.`);
      await refused(`${head}.${payload}.${'A'.repeat(signature.length)}`);
      await refused(`${head}.${payload}.${signature}.`);
      await refused('a'.repeat(10_000));
    });

    test('a revoked token is refused in every spelling of its signature', async () => {
      const token = await account.login();
      // 64 bytes leave four bits of the last letter open.
      const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      const last = letters.indexOf(token.at(-1) ?? '');
      const spellings = Array.from({ length: 16 }, (_, n) => token.slice(0, -1) + letters[(last & 48) | n]);
      assert.ok(spellings.includes(token));
      const held = await Promise.all(spellings.map((spelling) => stage.holds(spelling)));
      assert.ok(held[spellings.indexOf(token)]);
      assert.equal((await stage.revoke(token)).status, 204);
      for (const spelling of [...spellings, `${token}=`, `${token}==`]) await refused(spelling);
    });

    test('a restart logs nobody out, and forgets no revocation', async () => {
      const [kept, ended] = [await account.login(), await account.login()];
      assert.equal((await stage.revoke(ended)).status, 204);
      for (const how of ['kill', 'stop'] as const) {
        await stage.restart(how);
        assert.equal(await stage.holds(kept), true);
        await refused(ended);
      }
    });
  },
  { env: { PUBLIC_URL: NAME } },
);

await onEveryDatabase(
  'tokens of a server without a public name',
  (stage) => {
    test('hold after a restart on another port; not where the secret is another', async () => {
      const { token } = await stage.account();
      const before = stage.url;
      await stage.restart();
      assert.notEqual(stage.url, before);
      assert.equal(await stage.holds(token), true);
      await stage.restart('stop', { BLINDPOST_SECRET: 'another-secret-that-is-long-enough-0123456789' });
      assert.equal(await stage.holds(token), false);
    });
  },
  { databases: ['sqlite'], own: true },
);
