import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rootStands, validUntil } from './root-standing.js';

test('the current root stands for ever', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (now, windowMs) => {
      const life = { supersededAt: null, endedAt: null };
      assert.equal(rootStands(life, now, windowMs), true);
      assert.equal(validUntil(life, windowMs), null);
    }),
  );
});

test('one that another followed stands for the window, and not at its end', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.nat(), (supersededAt, now, windowMs) => {
      const life = { supersededAt, endedAt: null };
      assert.equal(rootStands(life, now, windowMs), now < supersededAt + windowMs);
      assert.equal(validUntil(life, windowMs), supersededAt + windowMs);
    }),
  );
});

test('one that a revocation ended never stands', () => {
  fc.assert(
    fc.property(fc.option(fc.nat()), fc.nat(), fc.nat(), fc.nat(), (supersededAt, endedAt, now, windowMs) => {
      assert.equal(rootStands({ supersededAt, endedAt }, now, windowMs), false);
    }),
  );
});
