import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { endOf, MAX_TOKEN_AGE_MS } from './lifetime.js';

const NOW_S = 1_700_000_000;
const NOW = NOW_S * 1000;
const DAY_S = 86_400;

test('a token ends when it says', () => {
  assert.equal(endOf({ iat: NOW_S, exp: NOW_S + 60 }, NOW), NOW + 60_000);
  assert.equal(endOf({ iat: NOW_S - 60, exp: NOW_S }, NOW), null);
});

test('a token that says it is good for longer ends 30 days after it was made', () => {
  assert.equal(endOf({ iat: NOW_S, exp: NOW_S + 400 * DAY_S }, NOW), NOW + MAX_TOKEN_AGE_MS);
  assert.equal(endOf({ iat: NOW_S - 30 * DAY_S, exp: NOW_S + DAY_S }, NOW), null);
});

test('an issuer may be a minute ahead and no more', () => {
  assert.notEqual(endOf({ iat: NOW_S + 60, exp: NOW_S + 600 }, NOW), null);
  assert.equal(endOf({ iat: NOW_S + 61, exp: NOW_S + 600 }, NOW), null);
});

test('whatever the numbers, the end is a whole one in the next 31 days, or there is none', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (iat, exp) => {
      const end = endOf({ iat, exp }, NOW);
      if (end === null) return;
      assert.ok(Number.isSafeInteger(end) && end > NOW && end <= NOW + MAX_TOKEN_AGE_MS + 60_000);
    }),
  );
});
