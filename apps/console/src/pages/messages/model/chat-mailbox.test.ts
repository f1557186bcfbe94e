import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { wayOf } from './chat-mailbox.js';

const hash = fc.stringMatching(/^[0-9a-f]{64}$/);

test('a hash is anonymous, an account with or without one is not', () => {
  fc.assert(
    fc.property(hash, fc.uuid(), (identity, account) => {
      assert.equal(wayOf(identity), 'relay');
      assert.equal(wayOf(account), 'e2ee');
      assert.equal(wayOf(`${account}#${identity}`), 'e2ee');
    }),
  );
});

test('whatever else is written goes no way', () => {
  fc.assert(
    fc.property(fc.string(), hash, fc.uuid(), (text, identity, account) => {
      for (const address of [
        text,
        `${identity}#${identity}`,
        `${account}#`,
        `${account}#${account}`,
        `${account}#${identity}#`,
        ` ${identity}`,
        identity.slice(1),
      ]) {
        assert.equal(wayOf(address), undefined, address);
      }
    }),
  );
});
