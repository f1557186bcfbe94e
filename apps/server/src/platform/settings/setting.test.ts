import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { flag, integer, list, oneOf, type Setting, secretText, text, url, weights } from './setting.js';

function accepts<T>(setting: Setting<T>, cases: [string, T][]): void {
  for (const [given, value] of cases) assert.deepEqual(setting.parse(given), { ok: true, value }, given);
}

/** Every one is refused, saying what is expected. */
function refuses<T>(setting: Setting<T>, cases: readonly string[], expected: RegExp): void {
  for (const given of cases) {
    const result = setting.parse(given);
    assert.equal(result.ok, false, given);
    assert.match(result.ok ? '' : result.expected, expected);
  }
}

test('text is taken as it is', () => {
  accepts(text('', 'a text'), [
    ['x', 'x'],
    [' = ', ' = '],
  ]);
});

test('a whole number is decimal digits within its bounds, and nothing else', () => {
  const port = integer(1, 0, 65_535, 'a port');
  accepts(port, [
    ['0', 0],
    ['00080', 80],
    ['65535', 65_535],
  ]);
  const wrong = ['65536', '-1', '+1', '1.0', '1e3', '0x10', ' 1', '1 ', '1_000', '', '9'.repeat(16), '١'];
  refuses(port, wrong, /whole number from 0 to 65535/);
});

test('a number is taken exactly when its bounds hold it', () => {
  const setting = integer(0, 10, 1_000, 'a number');
  fc.assert(
    fc.property(fc.nat(2_000), (number) => {
      assert.equal(setting.parse(String(number)).ok, number >= 10 && number <= 1_000);
    }),
  );
});

test('a flag is true or false, never 1, yes or True', () => {
  accepts(flag(false, 'a flag'), [
    ['true', true],
    ['false', false],
  ]);
  refuses(flag(false, 'a flag'), ['1', '0', 'yes', 'True', ' true'], /^true or false$/);
});

test('a choice is one of its options, letter by letter', () => {
  const unit = oneOf(['bits', 'hex'], 'bits', 'a unit');
  accepts(unit, [['hex', 'hex']]);
  refuses(unit, ['Hex', 'hex ', 'oct', 'toString'], /one of bits, hex/);
});

test('a list is trimmed at its commas, and one wrong entry refuses all of it', () => {
  const letters = list('letters', 'a list of letters', (entry) => /^[a-z]$/.test(entry));
  accepts(letters, [
    ['a', ['a']],
    ['a, b ,c', ['a', 'b', 'c']],
  ]);
  refuses(letters, ['a,,b', 'a,', ',', 'a,1'], /a list of letters/);
});

test('a URL begins with one of its schemes and two slashes', () => {
  const redis = url(['redis:', 'rediss:'], 'a Redis');
  for (const given of ['redis://localhost', 'rediss://user:word@host:6380/2'])
    accepts(redis, [[given, given]]);
  const wrong = [
    'localhost:6379',
    'http://localhost',
    'redis:localhost:6379',
    'redis:/host',
    'redis',
    '//host',
  ];
  refuses(redis, wrong, /redis:\/\/ or rediss:\/\//);
});

test('a secret is long enough and marked as a secret', () => {
  const secret = secretText(32, 'a secret');
  accepts(secret, [['s'.repeat(32), 's'.repeat(32)]]);
  refuses(secret, ['', 's'.repeat(31)], /at least 32 characters/);
  assert.equal(secret.secret, true);
  assert.equal(text('', 'no secret').secret, false);
});

test('weights are read by name, the unnamed count nothing, and one must stand above 0', () => {
  const setting = weights(['ALPHA', 'BETA'], 1, 10, 'how often');
  assert.deepEqual(
    [...setting.fallback],
    [
      ['ALPHA', 1],
      ['BETA', 1],
    ],
  );
  assert.equal(String(setting.fallback), 'ALPHA=1,BETA=1');
  const read = setting.parse(' BETA = 3 ');
  assert.deepEqual(read.ok && [...read.value], [
    ['ALPHA', 0],
    ['BETA', 3],
  ]);
  for (const wrong of [
    '',
    'GAMMA=1',
    'ALPHA',
    'ALPHA=',
    'ALPHA=-1',
    'ALPHA=1.5',
    'ALPHA=11',
    'ALPHA=0',
    'ALPHA=1,,',
  ])
    assert.equal(setting.parse(wrong).ok, false, wrong);
});
