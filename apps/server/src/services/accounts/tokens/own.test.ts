import assert from 'node:assert/strict';
import { createPublicKey, sign } from 'node:crypto';
import { test } from 'node:test';
import { makeJwt } from '@blindpost/testbed/wire-jwt';
import { ManualClock } from '../../../platform/clock.manual.js';
import { systemRandom } from '../../../platform/random.js';
import { signingKey } from '../../../platform/secrets/ed25519.js';
import { OwnTokens } from './own.js';
import { tokenIdOf } from './token-id.js';

const SEED = Buffer.alloc(32, 3);
const ACCOUNT = Uint8Array.from(Buffer.from('0190f3b2c4d57e6f8a9b0c1d2e3f4a5b', 'hex'));
const NAME = 'https://post.example';

const clock = new ManualClock();
const make = (publicUrl: string | undefined, seed = SEED) =>
  new OwnTokens({ seed, publicUrl, clock, random: systemRandom });
const own = make(NAME);
const key = signingKey(SEED);
const signer = (input: Buffer) => sign(null, input, key);

const HEADER = { alg: 'EdDSA', typ: 'JWT' };
const seconds = () => Math.floor(clock.now() / 1000);
const claims = () => ({
  iss: NAME,
  aud: NAME,
  sub: '0190f3b2-c4d5-7e6f-8a9b-0c1d2e3f4a5b',
  device: 'default',
  iat: seconds(),
  exp: seconds() + 3_600,
  jti: '00',
  gen: 0,
});

test('a token is told from what is issued, and another server of that secret and name takes it', async () => {
  const { token, expiresAt } = await own.issue(ACCOUNT, 4);
  const bearer = await make(NAME).check(token);
  assert.deepEqual(bearer?.account, ACCOUNT);
  assert.equal(bearer.generation, 4);
  assert.equal(bearer.expiresAt, expiresAt);
  assert.equal(bearer.tokenId, tokenIdOf(token));
  assert.notEqual((await own.issue(ACCOUNT, 4)).token, token);
});

test('a server of another secret or name does not take it; one without a name takes its own', async () => {
  const { token } = await own.issue(ACCOUNT, 0);
  assert.equal(await make(NAME, Buffer.alloc(32, 4)).check(token), null);
  assert.equal(await make('https://other.example').check(token), null);
  assert.equal(await make(undefined).check(token), null);
  const nameless = await make(undefined).issue(ACCOUNT, 0);
  assert.notEqual(await make(undefined).check(nameless.token), null);
});

test('the same claims signed by hand are taken', async () => {
  assert.notEqual(await own.check(makeJwt(HEADER, claims(), signer)), null);
});

const WRONG: [string, object][] = [
  ...['iss', 'aud', 'sub', 'device', 'iat', 'exp', 'jti', 'gen'].map((name): [string, object] => [
    `without ${name}`,
    { [name]: undefined },
  ]),
  ['of another issuer', { iss: 'https://evil.example' }],
  ['for another audience', { aud: 'https://evil.example' }],
  ['that has expired', { exp: seconds() }],
  ['that is not good yet', { nbf: seconds() + 100 }],
  ['whose sub is no UUID', { sub: 'alice' }],
  ['whose sub is a number', { sub: 1 }],
  ['whose exp is a text', { exp: '9999999999' }],
  ['whose generation is a text', { gen: '0' }],
  ['whose device is a number', { device: 1 }],
];
for (const [name, change] of WRONG) {
  test(`a token ${name} is none, though it is signed`, async () => {
    assert.equal(await own.check(makeJwt(HEADER, { ...claims(), ...change }, signer)), null);
  });
}

test('no other algorithm is taken, not even with the public key as its secret', async () => {
  const { createHmac } = await import('node:crypto');
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const pem = createPublicKey(key).export({ format: 'pem', type: 'spki' });
  for (const secret of [spki, spki.subarray(-32), pem]) {
    const hmac = (input: Buffer) => createHmac('sha256', secret).update(input).digest();
    assert.equal(await own.check(makeJwt({ ...HEADER, alg: 'HS256' }, claims(), hmac)), null);
  }
  for (const alg of ['none', 'None', 'HS256', 'RS256', 'ES256', 'Ed25519', 'eddsa', '', undefined, 1, null]) {
    assert.equal(await own.check(makeJwt({ ...HEADER, alg }, claims(), signer)), null, String(alg));
  }
  assert.equal(await own.check(makeJwt({ ...HEADER, alg: 'none' }, claims(), () => Buffer.alloc(0))), null);
  assert.equal(await own.check(makeJwt({ alg: 'EdDSA' }, claims(), signer)), null, 'without typ');
  assert.equal(await own.check(makeJwt({ ...HEADER, crit: ['x'], x: 1 }, claims(), signer)), null);
});

test('a key that the token brings along counts for nothing', async () => {
  const other = signingKey(Buffer.alloc(32, 9));
  const jwk = createPublicKey(other).export({ format: 'jwk' });
  const forged = makeJwt({ ...HEADER, jwk, kid: 'x', jku: 'https://evil.example' }, claims(), (input) =>
    sign(null, input, other),
  );
  assert.equal(await own.check(forged), null);
});

test('a token with any character changed is none, or is the same token in another spelling', async () => {
  const { token } = await own.issue(ACCOUNT, 0);
  for (let at = 0; at < token.length; at++) {
    const letter = token[at] === 'A' ? 'B' : 'A';
    const bent = `${token.slice(0, at)}${letter}${token.slice(at + 1)}`;
    const bearer = await own.check(bent);
    if (bearer !== null) assert.equal(bearer.tokenId, tokenIdOf(token));
  }
});
