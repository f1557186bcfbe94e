import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Identities } from './identity.js';

const identities = new Identities(Buffer.alloc(32, 1));
const TOKEN = `bp_${'A'.repeat(43)}`;

test('a token is known by its SHA-256, wherever it comes from', () => {
  const here = identities.byToken(TOKEN, '192.0.2.1');
  const there = identities.byToken(TOKEN, '192.0.2.2');
  assert.equal(here?.name, createHash('sha256').update(TOKEN).digest('hex'));
  assert.equal(there?.name, here?.name);
  assert.notEqual(there?.address, here?.address);
});

test('what is no token makes no miner', () => {
  for (const wrong of [
    '',
    'bp_',
    TOKEN.slice(1),
    `${TOKEN}A`,
    TOKEN.slice(0, -1),
    ` ${TOKEN}`,
    `bp_${'+'.repeat(43)}`,
  ])
    assert.equal(identities.byToken(wrong, '192.0.2.1'), null, wrong);
});

test('an address is known by a keyed hash: under another key it is somebody else', () => {
  const { name } = identities.byAddress('192.0.2.1');
  assert.equal(identities.byAddress('192.0.2.1').name, name);
  assert.notEqual(identities.byAddress('192.0.2.2').name, name);
  assert.notEqual(new Identities(Buffer.alloc(32, 2)).byAddress('192.0.2.1').name, name);
  assert.notEqual(createHash('sha256').update('192.0.2.1').digest('hex'), name);
});
