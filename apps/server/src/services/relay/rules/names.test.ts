import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isIdentityHash, Names } from './names.js';

const names = new Names('the secret of a test');
const HASH = 'a'.repeat(64);

test('a name is 64 hex that show nothing of what they name', () => {
  for (const blind of [names.mailbox, names.nickname, names.address]) {
    assert.match(blind('alice'), /^[0-9a-f]{64}$/);
    assert.equal(blind('alice'), blind('alice'));
    assert.notEqual(blind('alice'), blind('bob'));
  }
  assert.notEqual(names.mailbox(HASH), HASH);
});

test('one text as mailbox, nickname and address is three unrelated names', () => {
  const blinded = [names.mailbox('alice'), names.nickname('alice'), names.address('alice')];
  assert.equal(new Set(blinded).size, 3);
});

test('servers with one secret find each other’s names, others do not', () => {
  assert.equal(new Names('the secret of a test').mailbox(HASH), names.mailbox(HASH));
  assert.notEqual(new Names('another secret').mailbox(HASH), names.mailbox(HASH));
});

test('nicknames compare case-folded, mailboxes letter by letter', () => {
  assert.equal(names.nickname('Alice'), names.nickname('aLICE'));
  assert.notEqual(names.mailbox('Alice'), names.mailbox('alice'));
});

test('an identity hash is 64 lower-case hex, anything else an alias', () => {
  assert.equal(isIdentityHash('0123456789abcdef'.repeat(4)), true);
  for (const text of [
    '',
    'alice',
    'A'.repeat(64),
    'a'.repeat(63),
    'a'.repeat(65),
    `${HASH}\n`,
    'g'.repeat(64),
  ])
    assert.equal(isIdentityHash(text), false, JSON.stringify(text));
});
