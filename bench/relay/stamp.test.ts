import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BODY, readStamp, stamp, stampedBody } from './stamp.js';

test('a stamp comes back from any frame that holds the body', () => {
  const sequences = fc.integer({ min: 0, max: 9_999_999_999 });
  const micros = fc.integer({ min: 0, max: 9_999_999_999_999 });
  fc.assert(
    fc.property(sequences, micros, fc.string({ unit: 'grapheme' }), (sequence, micro, before) => {
      const body = stampedBody(sequence, micro / 1000);
      const frame = Buffer.from(JSON.stringify({ type: 'msg', before, payload: body }));
      const seen: number[][] = [];
      assert.equal(
        readStamp(frame, (number, at) => seen.push([number, Math.round(at * 1000)])),
        true,
      );
      assert.deepEqual(seen, [[sequence, micro]]);
    }),
  );
});

test('a frame without a whole stamp says nothing', () => {
  const none = () => assert.fail('there is no stamp');
  assert.equal(readStamp(Buffer.from('{"type":"dummy_pacing"}'), none), false);
  assert.equal(readStamp(Buffer.from(stamp(1, 2).slice(0, -1)), none), false);
});

test('bodies all have the same size', () => {
  assert.equal(stampedBody(0, 0).length, BODY);
  assert.equal(stampedBody(9_999_999_999, 9_999_999_999).length, BODY);
});
