import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hrefOf, PAGES, pageOf, queryOf, restOf } from './address.js';

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

test('a query is read whole, and is no part of the path', () => {
  fc.assert(
    fc.property(fc.constantFrom(...PAGES), fc.string({ unit: 'grapheme' }), (page, value) => {
      const hash = `${hrefOf(page, 'part')}?to=${encodeURIComponent(value)}`;
      assert.equal(pageOf(hash), page);
      assert.deepEqual(restOf(hash), ['part']);
      assert.equal(queryOf(hash).get('to'), value);
    }),
  );
  assert.equal(pageOf('#/mine?to=x'), 'mine');
  assert.equal(queryOf('#/mine').get('to'), null);
});
