import assert from 'node:assert/strict';
import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { startIssuer, type TestIssuer } from '@blindpost/testbed/issuer';
import { makeJwt, signerOf } from '@blindpost/testbed/wire-jwt';
import { type Clock, systemClock } from '../../../platform/clock.js';
import { Unavailable } from '../../../platform/unavailable.js';
import { OutsideTokens } from './outside.js';
import { tokenIdOf } from './token-id.js';

const SUB = '11111111-1111-1111-1111-111111111111';

/** The system's time, and a monotonic clock that the test can move on. */
class AheadClock implements Clock {
  ahead = 0;
  now = () => systemClock.now();
  monotonic = () => systemClock.monotonic() + this.ahead;
  after = systemClock.after;
}

describe('tokens of an outside issuer', () => {
  let issuer: TestIssuer;
  let tokens: OutsideTokens;
  const clock = new AheadClock();
  const open = () =>
    new OutsideTokens({ issuer: issuer.url, audience: issuer.audience, jwksUrl: issuer.jwksUrl }, clock);
  before(async () => {
    issuer = await startIssuer();
    tokens = open();
  });
  after(() => issuer.stop());

  test('a token tells its account; keys are fetched once for many', async () => {
    const before = issuer.fetches;
    const all = await Promise.all(Array.from({ length: 20 }, () => tokens.check(issuer.sign(SUB))));
    for (const bearer of all) {
      assert.equal(bearer?.accountId, SUB);
      assert.equal(bearer.device, 'default');
      assert.equal(bearer.generation, null);
    }
    assert.equal(issuer.fetches - before, 1);
  });

  test('an account is a UUID of whatever version, in one case', async () => {
    for (const sub of ['00000000-0000-0000-0000-000000000000', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF']) {
      assert.equal((await tokens.check(issuer.sign(sub)))?.accountId, sub.toLowerCase());
    }
    for (const sub of ['', 'alice', SUB.replaceAll('-', ''), `{${SUB}}`, `${SUB} `, `${SUB}0`]) {
      assert.equal(await tokens.check(issuer.sign(sub)), null, sub);
    }
    assert.equal(await tokens.check(issuer.sign(SUB, { sub: 1 })), null);
    assert.equal(await tokens.check(issuer.sign(SUB, { sub: [SUB] })), null);
  });

  const now = () => Math.floor(Date.now() / 1000);
  const WRONG: [string, () => Record<string, unknown>][] = [
    ['without sub', () => ({ sub: undefined })],
    ['without exp', () => ({ exp: undefined })],
    ['without iat', () => ({ iat: undefined })],
    ['without iss', () => ({ iss: undefined })],
    ['without aud', () => ({ aud: undefined })],
    ['of another issuer', () => ({ iss: 'https://evil.example' })],
    ['for another audience', () => ({ aud: ['one', 'two'] })],
    ['that has expired', () => ({ exp: now() - 1 })],
    ['that is not good yet', () => ({ nbf: now() + 100 })],
    ['from the future', () => ({ iat: now() + 3_600, exp: now() + 7_200 })],
    ['made 31 days ago', () => ({ iat: now() - 31 * 86_400 })],
    ['whose exp is a text', () => ({ exp: String(now() + 60) })],
  ];
  for (const [name, change] of WRONG) {
    test(`a token ${name} is none`, async () => {
      assert.equal(await tokens.check(issuer.sign(SUB, change())), null);
    });
  }

  test('an audience may be one of several, and a token without jti is one', async () => {
    assert.notEqual(await tokens.check(issuer.sign(SUB, { aud: ['other', issuer.audience] })), null);
    assert.notEqual(await tokens.check(issuer.sign(SUB, { jti: undefined })), null);
  });

  test('each signature makes another text, but what is signed makes the id', async () => {
    const token = issuer.sign(SUB);
    assert.equal((await tokens.check(token))?.tokenId, tokenIdOf(token));
  });

  test('no algorithm with a shared secret, and none at all, is taken', async () => {
    const [header = ''] = issuer.sign(SUB).split('.');
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString());
    const claims = { iss: issuer.url, aud: issuer.audience, sub: SUB, iat: now(), exp: now() + 60 };
    const empty = () => Buffer.alloc(0);
    for (const alg of ['none', 'HS256', 'HS512', 'dir', '', 'A128KW']) {
      assert.equal(await tokens.check(makeJwt({ alg, kid }, claims, empty)), null, alg);
    }
    const [key] = JSON.parse(await (await fetch(issuer.jwksUrl)).text()).keys;
    const pem = createPublicKey({ key, format: 'jwk' }).export({ format: 'pem', type: 'spki' });
    const hmac = (input: Buffer) => createHmac('sha256', pem).update(input).digest();
    assert.equal(await tokens.check(makeJwt({ alg: 'HS256', kid }, claims, hmac)), null);
  });

  test('a key of another, or one that the token brings along, counts for nothing', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const [header = ''] = issuer.sign(SUB).split('.');
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString());
    const claims = { iss: issuer.url, aud: issuer.audience, sub: SUB, iat: now(), exp: now() + 60 };
    const jwk = publicKey.export({ format: 'jwk' });
    const signer = signerOf('ES256', privateKey);
    assert.equal(await tokens.check(makeJwt({ alg: 'ES256', kid, jwk }, claims, signer)), null);
    assert.equal(await tokens.check(makeJwt({ alg: 'ES256', jwk }, claims, signer)), null);
  });

  test('RSA and Ed25519 keys are taken as well', async () => {
    for (const algorithm of ['RS256', 'EdDSA'] as const) {
      const other = await startIssuer(algorithm);
      const { url, audience, jwksUrl } = other;
      const checked = await new OutsideTokens({ issuer: url, audience, jwksUrl }, clock).check(
        other.sign(SUB),
      );
      assert.equal(checked?.accountId, SUB, algorithm);
      await other.stop();
    }
  });

  test('an unknown key id is refused, and many of them fetch the keys once', async () => {
    const mine = open();
    assert.notEqual(await mine.check(issuer.sign(SUB)), null);
    const before = issuer.fetches;
    for (let n = 0; n < 20; n++) {
      assert.equal(await mine.check(issuer.sign(SUB, {}, { kid: `unknown ${n}` })), null);
    }
    assert.ok(issuer.fetches - before <= 1);
  });

  test('keys that cannot be had make nobody a stranger; a flood then is none of requests', async () => {
    const mine = open();
    issuer.broken = true;
    const before = issuer.fetches;
    for (let n = 0; n < 20; n++) await assert.rejects(mine.check(issuer.sign(SUB)), Unavailable);
    assert.equal(issuer.fetches - before, 1);
    issuer.broken = false;
    clock.ahead += 1_000;
    assert.notEqual(await mine.check(issuer.sign(SUB)), null);
  });

  test('once had, keys serve on while the issuer is away', async () => {
    const mine = open();
    assert.notEqual(await mine.check(issuer.sign(SUB)), null);
    issuer.broken = true;
    assert.notEqual(await mine.check(issuer.sign(SUB)), null);
    issuer.broken = false;
  });
});
