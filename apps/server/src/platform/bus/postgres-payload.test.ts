import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pack, unpack } from './postgres-payload.js';

test('whatever is packed is unpacked in its order, from payloads that a notification carries', () => {
  const addressed = fc.record(
    {
      topic: fc.string({ unit: 'grapheme', maxLength: 40 }),
      hint: fc.uint8Array({ maxLength: 3_000 }).map((bytes) => Buffer.from(bytes)),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(addressed, { maxLength: 20 }), (hints) => {
      const payloads = pack(hints);
      assert.deepEqual(payloads.flatMap(unpack), hints);
      assert.ok(payloads.every((payload) => Buffer.byteLength(payload) < 8_000));
    }),
  );
});

test('payloads that carry the same hints are not the same', () => {
  const hint = Buffer.alloc(5_000, 1);
  const payloads = pack([1, 2, 3].map(() => ({ topic: 'same', hint })));
  assert.equal(new Set(payloads).size, 3);
});

test('a hint is carried up to the last byte that fits, and refused past it', () => {
  const fits = Buffer.alloc(5_985, 255);
  assert.deepEqual(pack([{ topic: 'pool', hint: fits }]).flatMap(unpack), [{ topic: 'pool', hint: fits }]);
  assert.throws(() => pack([{ topic: 'pool', hint: Buffer.alloc(5_986) }]), RangeError);
});
