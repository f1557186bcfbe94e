import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeHint, encodeHint, type Hint } from './hint.js';

test('a hint comes out as it went in', () => {
  const hints: Hint[] = [
    { kind: 'solved', track: 'CHAIN', round: 'id' },
    { kind: 'opened', miner: 'name', instance: 'here', at: 1_700_000_000_000 },
    { kind: 'load', instance: 'here', miners: 3, hps: 1.5 },
  ];
  for (const hint of hints) assert.deepEqual(decodeHint(encodeHint(hint)), hint);
});

test('what another version says is passed over', () => {
  for (const text of [
    '',
    '{',
    '{}',
    '{"kind":"later"}',
    '{"kind":"load","instance":"x","miners":-1,"hps":0}',
  ])
    assert.equal(decodeHint(Buffer.from(text)), null);
});
