import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { printSettings, readSettings } from './environment.js';
import { flag, integer, secretText, url } from './setting.js';

const GROUPS = {
  platform: {
    PORT: integer(8080, 0, 65_535, 'port to listen on'),
    BLINDPOST_SECRET: secretText(32, 'the secret'),
    REDIS_URL: url(['redis:'], 'the Redis'),
  },
  relay: {
    RELAY_LIMIT_REQUESTS: integer(150, 0, 1_000, 'requests'),
    RELAY_LIMIT_FRAMES: integer(200, 0, 1_000, 'frames'),
    RELAY_COMPAT_SENDER: flag(false, 'tells who sent'),
  },
};

/** What the environment is refused for. */
function faults(environment: Record<string, string>): string[] {
  const read = readSettings(environment, GROUPS);
  return read.ok ? [] : read.faults;
}

test('an absent or empty setting stands at its default', () => {
  const expected = {
    platform: { PORT: 8080, BLINDPOST_SECRET: undefined, REDIS_URL: undefined },
    relay: { RELAY_LIMIT_REQUESTS: 150, RELAY_LIMIT_FRAMES: 200, RELAY_COMPAT_SENDER: false },
  };
  for (const environment of [{}, { PORT: '', RELAY_COMPAT_SENDER: '', REDIS_URL: undefined }]) {
    assert.deepEqual(readSettings(environment, GROUPS), { ok: true, values: expected });
  }
});

test('given settings are read into their groups', () => {
  const read = readSettings({ PORT: '0', RELAY_LIMIT_FRAMES: '7', RELAY_COMPAT_SENDER: 'true' }, GROUPS);
  assert.ok(read.ok);
  assert.equal(read.values.platform.PORT, 0);
  assert.equal(read.values.relay.RELAY_LIMIT_FRAMES, 7);
  assert.equal(read.values.relay.RELAY_COMPAT_SENDER, true);
});

test('an unknown name under one of our prefixes is refused with the nearest right one', () => {
  assert.deepEqual(faults({ RELAY_LIMIT_REQUEST: '1' }), [
    'RELAY_LIMIT_REQUEST is no setting; the nearest is RELAY_LIMIT_REQUESTS',
  ]);
  assert.deepEqual(faults({ RELAY_LIMITS_FRAME: '1' }), [
    'RELAY_LIMITS_FRAME is no setting; the nearest is RELAY_LIMIT_FRAMES',
  ]);
  assert.deepEqual(faults({ BLINDPOST_SECERT: 'x' }), [
    'BLINDPOST_SECERT is no setting; the nearest is BLINDPOST_SECRET',
  ]);
});

test('names that are not ours are not our business', () => {
  assert.deepEqual(
    faults({ PATH: '/bin', PLATFORM_X: '1', RELAYED: '1', relay_x: '1', MY_RELAY_X: '1' }),
    [],
  );
});

test('all faults are told together', () => {
  const told = faults({
    PORT: 'x',
    RELAY_COMPAT_SENDER: '1',
    RELAY_NONSENSE: '1',
    BLINDPOST_SECRET: 'short',
  });
  assert.equal(told.length, 4);
  for (const name of ['PORT must be', 'RELAY_COMPAT_SENDER must be', 'BLINDPOST_SECRET must be'])
    assert.ok(told.some((fault) => fault.startsWith(name)));
});

test('a fault of a secret does not tell the secret', () => {
  assert.doesNotMatch(faults({ BLINDPOST_SECRET: 'hunter2' }).join(), /hunter2/);
});

test('printing gives one line per setting with its value and meaning', () => {
  const lines = printSettings(GROUPS, { PORT: '1234' }).split('\n');
  assert.equal(lines.length, 6);
  assert.equal(lines[0], 'PORT=1234  # port to listen on');
  assert.equal(lines[1], 'BLINDPOST_SECRET=  # the secret');
  assert.equal(lines[3], 'RELAY_LIMIT_REQUESTS=150  # requests');
});

test('printing masks secrets, even those that are too short to be taken', () => {
  for (const secret of ['s3cr3t'.repeat(8), 's3cr3t']) {
    const printed = printSettings(GROUPS, { BLINDPOST_SECRET: secret });
    assert.doesNotMatch(printed, /s3cr3t/);
    assert.match(printed, /BLINDPOST_SECRET=\*+ {2}#/);
  }
});

test('printing masks the password of a URL, whatever characters it has', () => {
  const password = fc.stringMatching(/^[A-Za-z0-9:@*%!,;=+$&-]{4,24}$/);
  const hidden = password.filter((text) => URL.canParse(`redis://:${text}@host`));
  fc.assert(
    fc.property(hidden, fc.constantFrom('', 'user'), (word, user) => {
      const printed = printSettings(GROUPS, { REDIS_URL: `redis://${user}:a${word}z@host:6379/1` });
      assert.match(printed, /^REDIS_URL=redis:\/\/(user)?:\*+@host:6379\/1 {2}#/m);
    }),
  );
});

test('printing masks a URL that does not parse, since nobody knows where its password is', () => {
  for (const wrong of ['redis://:hunter2@host:99999', 'redis://:hunter2@[host', 'redis://:hunter2@ho st'])
    assert.doesNotMatch(printSettings(GROUPS, { REDIS_URL: wrong }), /hunter2/, wrong);
});
