import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { Address, ClientId, IdentityKey, MlKemKey, Nickname, Nonce, Signature } from './primitives.js';

const KEYS = [
  { name: 'Ed25519 key', schema: Compile(IdentityKey), bytes: 32 },
  { name: 'signature', schema: Compile(Signature), bytes: 64 },
  { name: 'ML-KEM-1024 key', schema: Compile(MlKemKey), bytes: 1568 },
];
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

for (const { name, schema, bytes } of KEYS) {
  describe(`${name} of ${bytes} bytes`, () => {
    test('every encoding of the right length passes', () => {
      fc.assert(
        fc.property(fc.uint8Array({ minLength: bytes, maxLength: bytes }), (raw) => {
          assert.equal(schema.Check(Buffer.from(raw).toString('base64')), true);
        }),
      );
    });

    test('no encoding of another length passes', () => {
      const other = fc
        .uint8Array({ maxLength: bytes + 70, size: 'max' })
        .filter((raw) => raw.length !== bytes);
      fc.assert(
        fc.property(other, (raw) => {
          assert.equal(schema.Check(Buffer.from(raw).toString('base64')), false);
        }),
      );
      for (const length of [bytes - 1, bytes + 1])
        assert.equal(schema.Check(Buffer.alloc(length).toString('base64')), false, `${length} bytes`);
    });

    test('one key has one spelling: of all last symbols just the canonical one passes', () => {
      fc.assert(
        fc.property(fc.uint8Array({ minLength: bytes, maxLength: bytes }), (raw) => {
          const canonical = Buffer.from(raw).toString('base64');
          const end = canonical.indexOf('=');
          for (const symbol of ALPHABET) {
            const text = canonical.slice(0, end - 1) + symbol + canonical.slice(end);
            const isCanonical = Buffer.from(text, 'base64').toString('base64') === text;
            assert.equal(schema.Check(text), isCanonical, text);
          }
        }),
        { numRuns: 20 },
      );
    });

    test('Base64url, missing padding, white space and line ends are refused', () => {
      const text = Buffer.alloc(bytes, 0xff).toString('base64');
      const bare = text.replaceAll('=', '');
      const spellings = [
        Buffer.alloc(bytes, 0xff).toString('base64url'),
        bare,
        `${text}=`,
        ` ${text}`,
        `${text}\n`,
        `${text.slice(0, 8)}\n${text.slice(8)}`,
        '',
      ];
      for (const spelling of spellings) assert.equal(schema.Check(spelling), false, JSON.stringify(spelling));
    });
  });
}

test('a nonce is 1 to 32 decimal digits', () => {
  const nonce = Compile(Nonce);
  for (const text of ['0', '007', '9'.repeat(32)]) assert.equal(nonce.Check(text), true, text);
  for (const text of ['', '9'.repeat(33), '-1', '1.0', '1e3', '1\n', '١']) {
    assert.equal(nonce.Check(text), false, JSON.stringify(text));
  }
});

test('a nickname is 3 to 32 letters, digits, underlines and hyphens', () => {
  const nickname = Compile(Nickname);
  for (const text of ['abc', 'A_-9', 'x'.repeat(32)]) assert.equal(nickname.Check(text), true, text);
  for (const text of ['ab', 'x'.repeat(33), 'a b', 'a,b', 'äbc', 'abc\n']) {
    assert.equal(nickname.Check(text), false, JSON.stringify(text));
  }
});

test('an address never holds a comma: lists of them are joined by it', () => {
  const address = Compile(Address);
  for (const text of ['a', 'a'.repeat(64), 'team:one.two-3']) assert.equal(address.Check(text), true, text);
  for (const text of ['', 'a,b', 'a b', 'a/b', 'a'.repeat(129)])
    assert.equal(address.Check(text), false, text);
});

test("a client's id is a text of 1 to 128 characters or a whole number that JSON keeps exact", () => {
  const id = Compile(ClientId);
  for (const value of ['x', 'x'.repeat(128), 0, Number.MAX_SAFE_INTEGER]) assert.equal(id.Check(value), true);
  for (const value of ['', 'x'.repeat(129), -1, 0.5, Number.MAX_SAFE_INTEGER + 1, null, true, ['x']]) {
    assert.equal(id.Check(value), false, JSON.stringify(value));
  }
});
