import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fillWhite, paddedLength, padJson } from './padding.js';

const WHITE = new Set([0x20, 0x09, 0x0a, 0x0d]);

test('a padded length is the smallest whole multiple, at least one, that holds the content', () => {
  const lengths = fc.tuple(fc.nat(1_000_000), fc.integer({ min: 1, max: 5_000 }));
  fc.assert(
    fc.property(lengths, ([length, unit]) => {
      const padded = paddedLength(length, unit);
      assert.equal(padded % unit, 0);
      assert.ok(padded >= length && padded >= unit);
      assert.ok(padded === unit || padded - unit < length);
    }),
  );
});

test('padded JSON is whole units, reads as it was meant and ends in nothing but white space', () => {
  fc.assert(
    fc.property(fc.json(), fc.integer({ min: 1, max: 2_000 }), (text, unit) => {
      const padded = padJson(text, unit);
      assert.equal(padded.length, paddedLength(Buffer.byteLength(text), unit));
      assert.deepEqual(JSON.parse(padded.toString('utf8')), JSON.parse(text));
      assert.ok(padded.subarray(Buffer.byteLength(text)).every((byte) => WHITE.has(byte)));
    }),
  );
});

test('equal texts are padded differently, with all four kinds of white space', () => {
  const pads = Array.from({ length: 100 }, () => padJson('{}', 1536).subarray(2));
  // Pads begin at one of 65,536 places: of 100 two may be equal by chance, five hardly ever.
  assert.ok(new Set(pads.map((pad) => pad.toString('latin1'))).size > pads.length - 5);
  for (const pad of pads) assert.deepEqual(new Set(pad), WHITE);
});

test('white space is drawn evenly: of four kinds each takes about a quarter', () => {
  const pad = Buffer.alloc(400_000);
  fillWhite(pad, 0);
  for (const byte of WHITE) {
    const share = pad.filter((other) => other === byte).length / pad.length;
    // The pool is one draw of 131,072 symbols: 0.01 is eight of its standard deviations.
    assert.ok(Math.abs(share - 0.25) < 0.01, `share ${share} of 0x${byte.toString(16)}`);
  }
});

test('filling leaves what stands before the start and reaches the last byte, however long the pad', () => {
  fc.assert(
    fc.property(fc.nat(200_000), fc.nat(200_000), (start, rest) => {
      const buffer = Buffer.alloc(start + rest, 0x78);
      fillWhite(buffer, start);
      assert.ok(buffer.subarray(0, start).every((byte) => byte === 0x78));
      assert.ok(buffer.subarray(start).every((byte) => WHITE.has(byte)));
    }),
    { numRuns: 20 },
  );
});
