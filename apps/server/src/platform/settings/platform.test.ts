import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printSettings, readSettings } from './environment.js';
import { isLoopbackHost, isProduction, PLATFORM_SETTINGS, productionFaults } from './platform.js';

const SECRETS = { ADMIN_API_KEY: 'a'.repeat(32), BLINDPOST_SECRET: 'b'.repeat(32) };
const TLS = { TLS_CERT: 'cert.pem', TLS_KEY: 'key.pem' };

/** Names of what the environment lacks to start. */
function lacks(environment: Record<string, string>): string[] {
  const read = readSettings(environment, { platform: PLATFORM_SETTINGS });
  assert.ok(read.ok);
  return productionFaults(read.values.platform).map((fault) => fault.split(' ')[0] ?? '');
}

test('a host is loopback only when no other machine can dial it', () => {
  for (const host of ['127.0.0.1', '127.9.9.9', '::1', '[::1]', 'localhost', 'LOCALHOST', '::ffff:127.0.0.1'])
    assert.equal(isLoopbackHost(host), true, host);
  for (const host of ['0.0.0.0', '::', '10.0.0.1', 'localhost.example', 'example', '', '128.0.0.1', '::2'])
    assert.equal(isLoopbackHost(host), false, host);
});

test('production is NODE_ENV=production or a host that others can reach', () => {
  assert.equal(isProduction({ NODE_ENV: 'development', HOST: '127.0.0.1' }), false);
  assert.equal(isProduction({ NODE_ENV: 'production', HOST: '127.0.0.1' }), true);
  assert.equal(isProduction({ NODE_ENV: 'development', HOST: '0.0.0.0' }), true);
  assert.equal(isProduction({ NODE_ENV: 'development', HOST: '::' }), true);
});

test('development lacks nothing', () => {
  assert.deepEqual(lacks({}), []);
});

test('production lacks both secrets until they are set', () => {
  assert.deepEqual(lacks({ NODE_ENV: 'production' }), ['ADMIN_API_KEY', 'BLINDPOST_SECRET']);
  assert.deepEqual(lacks({ NODE_ENV: 'production', ...SECRETS }), []);
});

test('production that others can reach lacks TLS, or a proxy in front', () => {
  assert.deepEqual(lacks({ HOST: '0.0.0.0' }), ['ADMIN_API_KEY', 'BLINDPOST_SECRET', 'TLS_CERT']);
  assert.deepEqual(lacks({ HOST: '0.0.0.0', ...SECRETS }), ['TLS_CERT']);
  assert.deepEqual(lacks({ HOST: '0.0.0.0', ...SECRETS, ...TLS }), []);
  assert.deepEqual(lacks({ HOST: '0.0.0.0', ...SECRETS, TRUSTED_PROXIES: '10.0.0.1' }), []);
});

test('a certificate without its key, or a key without its certificate, is a fault anywhere', () => {
  assert.deepEqual(lacks({ TLS_CERT: 'cert.pem' }), ['TLS_CERT']);
  assert.deepEqual(lacks({ TLS_KEY: 'key.pem' }), ['TLS_CERT']);
});

test('origins are exact, proxies are addresses or ranges', () => {
  const read = (environment: Record<string, string>) =>
    readSettings(environment, { platform: PLATFORM_SETTINGS }).ok;
  assert.equal(read({ CORS_ORIGINS: 'https://a.example, http://localhost:5173' }), true);
  for (const wrong of ['*', 'a.example', 'https://a.example/', 'https://A.example', 'null'])
    assert.equal(read({ CORS_ORIGINS: wrong }), false, wrong);
  assert.equal(read({ TRUSTED_PROXIES: '10.0.0.0/8, ::1, fd00::/8' }), true);
  for (const wrong of ['proxy.example', '10.0.0.0/33', '10.0.0', '10', '10.0.0/8', 'true'])
    assert.equal(read({ TRUSTED_PROXIES: wrong }), false, wrong);
});

test('DATABASE_URL names a PostgreSQL, and its password is never printed', () => {
  const read = (url: string) => readSettings({ DATABASE_URL: url }, { platform: PLATFORM_SETTINGS }).ok;
  assert.equal(read('postgres://blindpost@db/blindpost'), true);
  assert.equal(read('postgresql://blindpost:word@db:5432/blindpost?sslmode=require'), true);
  for (const wrong of [
    'mysql://db/blindpost',
    'db/blindpost',
    'postgres:blindpost',
    'file:///data/blindpost.db',
  ])
    assert.equal(read(wrong), false, wrong);
  const printed = printSettings({ platform: PLATFORM_SETTINGS }, { DATABASE_URL: 'postgres://a:word@db/a' });
  assert.match(printed, /^DATABASE_URL=postgres:\/\/a:\*+@db\/a /m);
});
