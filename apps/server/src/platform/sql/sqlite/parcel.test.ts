import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pack, unpack } from './parcel.js';

const leaf = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.string(),
  fc.integer(),
  fc.constantFrom(null, true),
);
const value = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('node'), { maxLength: 4 }),
    // Members are named by us: never the one name that no object can hold.
    fc.dictionary(
      fc.string().filter((name) => name !== '__proto__' && name !== '\0'),
      tie('node'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
})).node;

test('what is packed comes back as it was, by way of a structured clone', () => {
  fc.assert(
    fc.property(value, (original) => {
      assert.deepEqual(unpack(structuredClone(pack(original))), original);
    }),
  );
});

test('a member that is undefined is left out, and undefined alone is null', () => {
  assert.deepEqual(unpack(pack({ a: undefined, b: [1] })), { b: [1] });
  assert.equal(unpack(pack(undefined)), null);
});

test('what was packed is not changed, and shares no memory with what comes back', () => {
  const original = { list: [Uint8Array.of(1, 2, 3), 'text'] };
  const { list } = unpack(pack(original)) as typeof original;
  (list[0] as Uint8Array)[0] = 9;
  assert.deepEqual(original, { list: [Uint8Array.of(1, 2, 3), 'text'] });
});
