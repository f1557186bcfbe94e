import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeSettings, loadSettings, SERVICES } from './settings.js';

const SECRET = { BLINDPOST_SECRET: 's'.repeat(32) };

function load(environment: Record<string, string>, asked: readonly string[] = []) {
  const loaded = loadSettings(environment, asked);
  assert.ok(loaded.ok, loaded.ok ? '' : loaded.faults.join());
  return loaded.settings;
}

function faults(environment: Record<string, string>, asked: readonly string[] = []): string {
  const loaded = loadSettings(environment, asked);
  return loaded.ok ? '' : loaded.faults.join('\n');
}

test('nothing said means every service, in development', () => {
  const { services, production } = load({});
  assert.deepEqual(services, SERVICES);
  assert.equal(production, false);
});

test('services named on the command line win over SERVICES', () => {
  assert.deepEqual(load({ SERVICES: 'relay' }).services, ['relay']);
  assert.deepEqual(load({ SERVICES: 'nonsense' }, ['relay']).services, ['relay']);
});

test('a service there is not is refused by name', () => {
  assert.match(faults({ SERVICES: 'relay,nonsense' }), /nonsense is no service/);
  assert.match(faults({}, ['nonsense']), /nonsense is no service/);
});

test('a shared store needs the shared secret, because each instance blinds with it', () => {
  for (const name of ['REDIS_URL', 'RELAY_REDIS_URL']) {
    assert.match(faults({ [name]: 'redis://localhost' }), /BLINDPOST_SECRET is required with a shared store/);
    assert.equal(faults({ [name]: 'redis://localhost', ...SECRET }), '');
  }
});

test('production without its secrets is refused, naming all that is missing', () => {
  const told = faults({ HOST: '0.0.0.0', SERVICES: 'nonsense' });
  for (const name of ['ADMIN_API_KEY', 'BLINDPOST_SECRET', 'TLS_CERT', 'nonsense']) {
    assert.match(told, new RegExp(`^${name} `, 'm'));
  }
});

test('the description has a line for every setting, each with its meaning and without secrets', () => {
  const described = describeSettings({ ...SECRET, RELAY_REDIS_URL: 'redis://:hunter2@localhost' });
  const lines = described.split('\n');
  for (const line of lines) assert.match(line, /^[A-Z0-9_]+=.* {2}# .{5,}$/);
  for (const name of ['PORT', 'DATA_DIR', 'RELAY_POW_UNIT', 'RELAY_LIMIT_MEMORY'])
    assert.ok(lines.some((line) => line.startsWith(`${name}=`)));
  assert.doesNotMatch(described, /hunter2|ssss/);
});
