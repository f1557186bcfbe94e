import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { initialBits, minBits, SOLVE_OVER_VERIFY } from './bits.js';
import { difficulty, ending, track } from './retarget.fixture.js';
import { retarget } from './retarget.js';
import { BASE, COSTS } from './tracks.js';

const LONGEST_VERIFY_US = 25_000;

test('no track costs more than 25 ms to verify', () => {
  for (const { verify } of Object.values(COSTS)) assert.ok(verify <= LONGEST_VERIFY_US);
});

test('an expected solve costs at least 1,000 verifications, whatever the bits the retarget reaches', () => {
  fc.assert(
    fc.property(
      track,
      fc.integer({ min: 1, max: 86_400_000 }),
      fc.array(ending),
      (track, targetMs, endings) => {
        let state = difficulty(track, targetMs);
        for (const end of endings) {
          state = retarget(track, state, end, targetMs);
          const { verify, search } = COSTS[track];
          assert.ok(search * 2 ** state.bits >= SOLVE_OVER_VERIFY * verify);
          assert.ok(Number.isSafeInteger(2 ** state.bits));
        }
      },
    ),
  );
});

test('a track begins with what one core solves in about the target time', () => {
  fc.assert(
    fc.property(track, fc.integer({ min: 60_000, max: 3_600_000 }), (track, targetMs) => {
      const bits = initialBits(track, targetMs);
      if (bits === minBits(track)) return;
      const ratio = (COSTS[track].search * 2 ** bits) / (targetMs * 1_000);
      assert.ok(ratio >= Math.SQRT1_2 * 0.999 && ratio <= Math.SQRT2 * 1.001);
    }),
  );
});

test('MEM_WORK walks a power of two: any other total has two digests', () => {
  const total = BASE.MEM_WORK.lanes * BASE.MEM_WORK.laneSize;
  assert.equal(total & (total - 1), 0);
});
