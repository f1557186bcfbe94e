import assert from 'node:assert/strict';
import { test } from 'node:test';
import { issuerFaults, issuerOf } from './settings.js';

const NONE = {
  AUTH_ISSUER: undefined,
  AUTH_AUDIENCE: undefined,
  AUTH_JWKS_URL: undefined,
  ACCOUNTS_LIMIT_REQUESTS: 0,
};
const ALL = {
  ...NONE,
  AUTH_ISSUER: 'https://id.example',
  AUTH_AUDIENCE: 'post',
  AUTH_JWKS_URL: 'https://id.example/keys',
};

test('an issuer is set whole or not at all; what is missing is named', () => {
  assert.deepEqual(issuerFaults(NONE, true), []);
  assert.deepEqual(issuerFaults(ALL, true), []);
  for (const name of ['AUTH_ISSUER', 'AUTH_AUDIENCE', 'AUTH_JWKS_URL'] as const) {
    const [fault = ''] = issuerFaults({ ...ALL, [name]: undefined }, false);
    assert.match(fault, new RegExp(`^${name} is required`));
    assert.equal(issuerFaults({ ...NONE, [name]: ALL[name] }, false).length, 2);
  }
});

test('in production keys come over TLS, or from this machine', () => {
  const over = (AUTH_JWKS_URL: string) => issuerFaults({ ...ALL, AUTH_JWKS_URL }, true);
  assert.match(over('http://id.example/keys').join(), /AUTH_JWKS_URL must be https/);
  assert.deepEqual(over('http://127.0.0.1:9000/keys'), []);
  assert.deepEqual(over('http://[::1]:9000/keys'), []);
  assert.deepEqual(issuerFaults({ ...ALL, AUTH_JWKS_URL: 'http://id.example/keys' }, false), []);
});

test('the issuer is told as it was set', () => {
  assert.equal(issuerOf(NONE), null);
  assert.equal(issuerOf(ALL)?.jwksUrl, 'https://id.example/keys');
});
