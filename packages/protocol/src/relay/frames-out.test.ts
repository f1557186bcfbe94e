import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FRAMES_IN } from './frames-in.js';
import { FRAMES_OUT, isSenderType } from './frames-out.js';

test('no type of ours may label a message', () => {
  for (const type of [...Object.keys(FRAMES_IN), ...Object.keys(FRAMES_OUT)])
    assert.equal(isSenderType(type), false, type);
});

test('any other type of 1 to 32 of a-z, 0-9 and _ may', () => {
  const ours = new Set([...Object.keys(FRAMES_IN), ...Object.keys(FRAMES_OUT)]);
  const types = fc.stringMatching(/^[a-z0-9_]{1,32}$/).filter((type) => !ours.has(type));
  fc.assert(fc.property(types, (type) => assert.equal(isSenderType(type), true)));
});

test('names that objects inherit are types like any other', () => {
  for (const type of ['constructor', '__proto__', 'valueof']) assert.equal(isSenderType(type), true, type);
});

test('what would not stand in a frame as it is, or looks like ours in another case, may not', () => {
  for (const type of ['', 'x'.repeat(33), 'Msg', 'ERROR', 'a-b', 'a b', 'a"b', 'typing\n', 'ä', 'msg\0'])
    assert.equal(isSenderType(type), false, JSON.stringify(type));
});
