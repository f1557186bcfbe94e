import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SECRET_TTL_MS } from '@blindpost/protocol/pool';
import fc from 'fast-check';
import { SecretMint } from './secret.js';

const mint = new SecretMint(Buffer.alloc(32, 1));
const MINER = Buffer.alloc(32, 2);
const NOW = 1_700_000_000_000;

test('a secret is 64 hex digits and holds for ten minutes, to the millisecond', () => {
  const { secret, expiresAt } = mint.make(MINER, NOW);
  assert.match(secret, /^[0-9a-f]{64}$/);
  assert.equal(expiresAt, NOW + SECRET_TTL_MS);
  assert.equal(mint.accepts(MINER, secret, expiresAt - 1), true);
  assert.equal(mint.accepts(MINER, secret, expiresAt), false);
});

test('another process with the same key accepts it, one with another key does not', () => {
  const { secret } = mint.make(MINER, NOW);
  assert.equal(new SecretMint(Buffer.alloc(32, 1)).accepts(MINER, secret, NOW), true);
  assert.equal(new SecretMint(Buffer.alloc(32, 9)).accepts(MINER, secret, NOW), false);
});

test("another miner's secret is worth nothing", () => {
  assert.equal(mint.accepts(Buffer.alloc(32, 3), mint.make(MINER, NOW).secret, NOW), false);
});

test('no changed digit passes, the expiry included', () => {
  const { secret } = mint.make(MINER, NOW);
  fc.assert(
    fc.property(fc.nat(63), fc.integer({ min: 1, max: 15 }), (at, by) => {
      const digit = ((Number.parseInt(secret.charAt(at), 16) + by) % 16).toString(16);
      return !mint.accepts(MINER, secret.slice(0, at) + digit + secret.slice(at + 1), NOW);
    }),
  );
  for (const wrong of [undefined, '', secret.toUpperCase(), `${secret}0`, 'x'.repeat(64)])
    if (wrong !== secret) assert.equal(mint.accepts(MINER, wrong, NOW), false);
});
