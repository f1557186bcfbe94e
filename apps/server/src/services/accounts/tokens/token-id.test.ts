import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokenIdBytes, tokenIdOf } from './token-id.js';

test('the id follows from what is signed and not from the signature', () => {
  assert.equal(tokenIdOf('header.payload.one'), tokenIdOf('header.payload.two'));
  assert.notEqual(tokenIdOf('header.payload.one'), tokenIdOf('header.payloae.one'));
  assert.match(tokenIdOf('header.payload.one'), /^[0-9a-f]{32}$/);
  assert.equal(tokenIdBytes(tokenIdOf('a.b.c')).length, 16);
});
