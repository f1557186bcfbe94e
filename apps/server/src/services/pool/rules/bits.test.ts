import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { minBits, SOLVE_OVER_VERIFY } from './bits.js';
import { ending, TRACK_NAMES, track } from './retarget.fixture.js';
import { retarget, untried } from './retarget.js';
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
        let state = untried(track);
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

test('a track begins with the fewest bits there are', () => {
  for (const name of TRACK_NAMES) assert.equal(untried(name).bits, minBits(name));
});

test('MEM_WORK walks a power of two: any other total has two digests', () => {
  const total = BASE.MEM_WORK.lanes * BASE.MEM_WORK.laneSize;
  assert.equal(total & (total - 1), 0);
});
