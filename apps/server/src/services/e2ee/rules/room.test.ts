import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fullness, mayExceedShare } from './room.js';

const load = (waiting: number, bytes: number) => ({ waiting, bytes });

test('a queue takes as many as its bound, and a sender a tenth of them, rounded up', () => {
  const limits = { envelopes: 25, bytes: 0 };
  assert.equal(fullness(load(24, 0), load(2, 0), 1, limits), null);
  assert.equal(fullness(load(25, 0), load(0, 0), 1, limits), 'queue');
  assert.equal(fullness(load(24, 0), load(3, 0), 1, limits), 'sender');
});

test('the same by bytes, to the very byte', () => {
  const limits = { envelopes: 0, bytes: 1_000 };
  assert.equal(fullness(load(9, 900), load(9, 0), 100, limits), null);
  assert.equal(fullness(load(9, 901), load(9, 0), 100, limits), 'queue');
  assert.equal(fullness(load(9, 500), load(9, 1), 100, limits), 'sender');
});

test('a bound of 0 is none', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.nat(), (waiting, bytes, size) => {
      assert.equal(
        fullness(load(waiting, bytes), load(waiting, bytes), size, { envelopes: 0, bytes: 0 }),
        null,
      );
    }),
  );
});

test('what is taken while there is room never passes a bound', () => {
  const sends = fc.array(fc.record({ sender: fc.nat(12), size: fc.integer({ min: 1, max: 90 }) }), {
    maxLength: 120,
  });
  fc.assert(
    fc.property(sends, fc.nat(40), fc.nat(900), (sends, envelopes, bytes) => {
      const queue = load(0, 0);
      const shares = new Map<number, { waiting: number; bytes: number }>();
      for (const { sender, size } of sends) {
        const share = shares.get(sender) ?? load(0, 0);
        shares.set(sender, share);
        if (fullness(queue, share, size, { envelopes, bytes }) !== null) continue;
        for (const one of [queue, share]) {
          one.waiting += 1;
          one.bytes += size;
        }
      }
      if (envelopes > 0) assert.ok(queue.waiting <= envelopes);
      if (bytes > 0) assert.ok(queue.bytes <= bytes);
      for (const share of shares.values()) {
        if (envelopes > 0) assert.ok(share.waiting <= Math.ceil(envelopes / 10));
        if (bytes > 0) assert.ok(share.bytes <= Math.ceil(bytes / 10));
      }
    }),
  );
});

test('where a queue with the next envelope is within a tenth, no sender of it can be over', () => {
  const figure = fc.nat({ max: 300 });
  fc.assert(
    fc.property(figure, figure, figure, figure, figure, (envelopes, bytes, waiting, size, held) => {
      const limits = { envelopes, bytes };
      const after = load(waiting + 1, held + size);
      fc.pre(!mayExceedShare(after, limits));
      assert.notEqual(fullness(load(waiting, held), load(waiting, held), size, limits), 'sender');
    }),
  );
});
