import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hrefOf, PAGES, pageOf, restOf } from './address.js';

test('an address leads back to the page and the parts it was made of', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...PAGES),
      fc.array(fc.string({ minLength: 1, unit: 'grapheme' })),
      (page, parts) => {
        const href = hrefOf(page, ...parts);
        assert.equal(pageOf(href), page);
        assert.deepEqual(restOf(href), parts);
      },
    ),
  );
});

test('any text leads to some page', () => {
  fc.assert(
    fc.property(fc.string(), (hash) => {
      assert.ok(PAGES.includes(pageOf(hash)));
      assert.ok(restOf(hash).every((part) => part !== ''));
    }),
  );
  for (const hash of ['', '#', '#/', '#/nowhere', '#mine', '#/miner', '#/constructor'])
    assert.equal(pageOf(hash), 'messages', hash);
});
