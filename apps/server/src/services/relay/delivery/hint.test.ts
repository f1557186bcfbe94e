import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeHint, encodeHint, type Hint, topicOf } from './hint.js';

const HINTS = fc.oneof(
  fc.constantFrom<Hint>({ kind: 'mail' }, { kind: 'owned' }, { kind: 'burned' }),
  fc.maxSafeNat().map((login): Hint => ({ kind: 'login', login })),
  fc.json().map((text): Hint => ({ kind: 'frame', json: Buffer.from(text) })),
);

test('every hint is read as it was written', () => {
  fc.assert(fc.property(HINTS, (hint) => assert.deepEqual(decodeHint(encodeHint(hint)), hint)));
});

test('a hint about the mailbox or the identity carries nothing but its kind', () => {
  for (const kind of ['mail', 'owned', 'burned'] as const) assert.equal(encodeHint({ kind }).length, 1);
});

test('kinds of a newer version are passed over: nothing but the five kinds is read', () => {
  const known = new Set([...'mlobf'].map((letter) => letter.charCodeAt(0)));
  for (let kind = 0; kind < 256; kind++) {
    const hint = decodeHint(Buffer.from([kind, 0x31]));
    assert.equal(hint !== null, known.has(kind), String.fromCharCode(kind));
  }
  assert.equal(decodeHint(Buffer.alloc(0)), null);
});

test('a login without its number is passed over', () => {
  for (const text of ['lx', 'l1.5', 'l1e400', 'l9007199254740993']) {
    assert.equal(decodeHint(Buffer.from(text)), null, text);
  }
});

test('two identities have two topics, each in the cluster slot of its keys', () => {
  assert.notEqual(topicOf('a'), topicOf('b'));
  assert.match(topicOf('a'), /\{a\}/);
});
