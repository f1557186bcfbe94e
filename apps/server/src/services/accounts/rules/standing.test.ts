import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, type Standing } from './standing.js';

const OWN: Standing = { generation: 3, keyed: true, revoked: false, endedAt: null };
const OUTSIDE: Standing = { generation: 0, keyed: false, revoked: false, endedAt: null };
const NOBODY: Standing = { generation: null, keyed: false, revoked: false, endedAt: null };

test('our own token holds in its generation, while its account is there', () => {
  assert.equal(judge({ generation: 3, issuedAt: 0 }, OWN), 'holds');
  assert.equal(judge({ generation: 2, issuedAt: 0 }, OWN), 'over');
  assert.equal(judge({ generation: 4, issuedAt: 0 }, OWN), 'over');
  assert.equal(judge({ generation: 0, issuedAt: 0 }, NOBODY), 'over');
});

test("an outside issuer's token makes its account, but never takes one that has a key", () => {
  assert.equal(judge({ generation: null, issuedAt: 0 }, OUTSIDE), 'holds');
  assert.equal(judge({ generation: null, issuedAt: 0 }, NOBODY), 'new');
  assert.equal(judge({ generation: null, issuedAt: 0 }, OWN), 'over');
});

test('what was issued until the ending is over, with or without the account', () => {
  for (const standing of [OUTSIDE, NOBODY]) {
    const ended = { ...standing, endedAt: 5_000 };
    assert.equal(judge({ generation: null, issuedAt: 4_000 }, ended), 'over');
    assert.equal(judge({ generation: null, issuedAt: 5_000 }, ended), 'over');
    assert.notEqual(judge({ generation: null, issuedAt: 6_000 }, ended), 'over');
  }
});

test('a revoked token is over whatever else', () => {
  assert.equal(judge({ generation: 3, issuedAt: 0 }, { ...OWN, revoked: true }), 'over');
  assert.equal(judge({ generation: null, issuedAt: 0 }, { ...OUTSIDE, revoked: true }), 'over');
  assert.equal(judge({ generation: null, issuedAt: 0 }, { ...NOBODY, revoked: true }), 'over');
});
