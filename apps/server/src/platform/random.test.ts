import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { systemRandom } from './random.js';

test('hex has two lower-case digits per byte and does not repeat, however much is drawn', () => {
  const drawn = Array.from({ length: 20_000 }, () => systemRandom.hex(16));
  for (const text of drawn) assert.match(text, /^[0-9a-f]{32}$/);
  assert.equal(new Set(drawn).size, drawn.length);
});

test('draws of any sizes one after another are whole and share no bytes', () => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 8, max: 64 }), fc.integer({ min: 8, max: 10_000 })));
  const seen = new Set<string>();
  fc.assert(
    fc.property(sizes, (drawn) => {
      for (const bytes of drawn) {
        const text = systemRandom.hex(bytes);
        assert.equal(text.length, 2 * bytes);
        // Eight bytes from either end: a chance repetition is one in billions.
        for (const end of new Set([text.slice(0, 16), text.slice(-16)])) {
          assert.equal(seen.has(end), false, end);
          seen.add(end);
        }
      }
    }),
  );
});

test('uniform stays within its bounds and reaches every tenth of them about equally often', () => {
  const tenths = new Array<number>(10).fill(0);
  const draws = 20_000;
  for (let draw = 0; draw < draws; draw++) {
    const value = systemRandom.uniform(10, 50);
    assert.ok(value >= 10 && value < 50);
    const tenth = Math.floor((value - 10) / 4);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  // Binomial with p = 0.1: 300 is seven standard deviations.
  for (const count of tenths) assert.ok(Math.abs(count - draws / 10) < 300, `${count} of ${draws}`);
});
