import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCALAR_MODULUS } from '@blindpost/zk/field';
import fc from 'fast-check';
import { fieldBytes, fieldNumber, fieldText } from './field-bytes.js';
import { claimKey, domainOf, nullifierKey } from './keys.js';

const element = fc.bigInt({ min: 0n, max: SCALAR_MODULUS - 1n });
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('a number of the field is 32 bytes and comes back as it was', () => {
  fc.assert(
    fc.property(element, (number) => {
      const bytes = fieldBytes(number);
      assert.equal(bytes.length, 32);
      assert.equal(fieldNumber(bytes), number);
      assert.equal(fieldText(bytes), number.toString());
    }),
  );
});

test('two nullifiers have one key only when domain, context and number are the same', () => {
  const triple = fc.tuple(
    fc.string(),
    fc.oneof(fc.constant(0n), element),
    fc.oneof(fc.constant(0n), element),
  );
  fc.assert(
    fc.property(triple, triple, (a, b) => {
      const same = a.every((part, at) => part === b[at]);
      assert.equal(hex(nullifierKey(...a)) === hex(nullifierKey(...b)), same);
    }),
  );
});

test('a claim is a commitment and a type', () => {
  fc.assert(
    fc.property(element, element, fc.nat(0xffff), fc.nat(0xffff), (a, b, s, t) => {
      assert.equal(claimKey(a, s).length, 34);
      assert.equal(hex(claimKey(a, s)) === hex(claimKey(b, t)), a === b && s === t);
    }),
  );
});

test('a domain has one spelling', () => {
  for (const same of ['Example.COM', 'example.com', 'example.com.']) {
    assert.equal(domainOf(same), 'example.com');
  }
  assert.equal(domainOf(undefined), '');
});
