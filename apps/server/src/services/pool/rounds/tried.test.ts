import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TriedNonces } from './tried.js';

test('a nonce is remembered for its round alone', () => {
  const tried = new TriedNonces();
  tried.add('round', 'nonce');
  assert.equal(tried.has('round', 'nonce'), true);
  assert.equal(tried.has('other', 'nonce'), false);
  assert.equal(tried.has('round', 'nonce2'), false);
  // A border between the two that could be moved would let one round forget another's.
  assert.equal(tried.has('roun', 'dnonce'), false);
});

test('the oldest give way at the bound', () => {
  const tried = new TriedNonces();
  for (let nonce = 0; nonce <= 50_000; nonce++) tried.add('round', String(nonce));
  assert.equal(tried.has('round', '0'), false);
  assert.equal(tried.has('round', '1'), true);
  assert.equal(tried.has('round', '50000'), true);
});
