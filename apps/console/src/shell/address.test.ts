import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hrefOf, PAGES, pageOf } from './address.js';

test('an address leads to its page, whatever stands behind it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...PAGES), fc.string(), (page, rest) => {
      assert.equal(pageOf(hrefOf(page)), page);
      assert.equal(pageOf(`${hrefOf(page)}/${rest}`), page);
    }),
  );
});

test('any text leads to some page', () => {
  fc.assert(fc.property(fc.string(), (hash) => assert.ok(PAGES.includes(pageOf(hash)))));
  for (const hash of ['', '#', '#/', '#/nowhere', '#mine', '#/miner', '#/constructor'])
    assert.equal(pageOf(hash), 'messages', hash);
});
