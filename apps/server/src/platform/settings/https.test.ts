import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from './environment.js';
import { httpsFaults, withHttps } from './https.js';
import { PLATFORM_SETTINGS } from './platform.js';

function settings(environment: Record<string, string>) {
  const read = readSettings(environment, { platform: PLATFORM_SETTINGS });
  assert.ok(read.ok);
  return read.values.platform;
}

test('HTTPS_ENABLED makes its port and files those of the listener', () => {
  const given = { PORT: '3000', HTTPS_ENABLED: 'true', HTTPS_KEY: 'key.pem', HTTPS_CERT: 'cert.pem' };
  const { PORT, TLS_CERT, TLS_KEY } = withHttps(settings(given));
  assert.deepEqual({ PORT, TLS_CERT, TLS_KEY }, { PORT: 3443, TLS_CERT: 'cert.pem', TLS_KEY: 'key.pem' });
  assert.equal(withHttps(settings({ ...given, HTTPS_PORT: '8443' })).PORT, 8443);
  assert.deepEqual(httpsFaults(settings(given)), []);
});

test('without it they mean nothing', () => {
  const given = settings({ HTTPS_PORT: '1', HTTPS_KEY: 'k', HTTPS_CERT: 'c' });
  assert.deepEqual(withHttps(given), given);
  assert.deepEqual(httpsFaults(given), []);
});

test('it needs both files, and is not said twice', () => {
  const [fault] = httpsFaults(settings({ HTTPS_ENABLED: 'true', HTTPS_KEY: 'k' }));
  assert.match(fault ?? '', /^HTTPS_CERT and HTTPS_KEY are required/);
  const both = { HTTPS_ENABLED: 'true', HTTPS_KEY: 'k', HTTPS_CERT: 'c', TLS_CERT: 'c', TLS_KEY: 'k' };
  assert.match(httpsFaults(settings(both))[0] ?? '', /^TLS_CERT and TLS_KEY say the same/);
});
