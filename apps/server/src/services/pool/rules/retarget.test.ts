import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { minBits } from './bits.js';
import { ending, track } from './retarget.fixture.js';
import { type Difficulty, retarget, untried } from './retarget.js';

const TARGET_MS = 30_000;
const EXPIRE_MS = 10 * TARGET_MS;

/** Miners that together make `rate` attempts per millisecond, solving round after round. */
class Miners {
  #seed: number;
  constructor(
    readonly rate: number,
    seed: number,
  ) {
    this.#seed = seed;
  }

  /** Plays one round; answers the next difficulty and what the round took. */
  play(state: Difficulty): { state: Difficulty; took: number; solved: boolean } {
    const took = (-Math.log(1 - this.#draw()) * 2 ** state.bits) / this.rate;
    const solved = took < EXPIRE_MS;
    const workedMs = Math.min(took, EXPIRE_MS);
    return { state: retarget('CPU_HASH', state, { solved, workedMs }, TARGET_MS), took: workedMs, solved };
  }

  /** mulberry32: the same miners are as lucky in every run. */
  #draw(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}

/** Rates whose target lies well above the least bits, spread over the fractions of a bit. */
const rate = fc.double({ min: 24, max: 36, noNaN: true }).map((log) => 2 ** log / TARGET_MS);
const seed = fc.integer();

function settled(miners: Miners, state: Difficulty, rounds: number): Difficulty {
  let next = state;
  for (let round = 0; round < rounds; round++) next = miners.play(next).state;
  return next;
}

test('at a constant hash rate the mean solve time comes within a factor of 1.5 of the target', () => {
  fc.assert(
    fc.property(rate, seed, (rate, seed) => {
      const miners = new Miners(rate, seed);
      let state = settled(miners, untried('CPU_HASH'), 100);
      const rounds = 1_000;
      let total = 0;
      for (let round = 0; round < rounds; round++) {
        const played = miners.play(state);
        state = played.state;
        total += played.took;
      }
      const ratio = total / rounds / TARGET_MS;
      assert.ok(ratio > 1 / 1.5 && ratio < 1.5, `${ratio} of the target`);
    }),
    { numRuns: 50, seed: 1 },
  );
});

test('a flood of hash rate is answered within a few targets, its departure as well', () => {
  fc.assert(
    fc.property(rate, fc.integer({ min: 4, max: 12 }), seed, (rate, doublings, seed) => {
      const [few, many] = [new Miners(rate, seed), new Miners(rate * 2 ** doublings, seed + 1)];
      const calm = settled(few, untried('CPU_HASH'), 100);

      const [flooded, inFlood] = untilNear(many, calm, Math.log2(many.rate * TARGET_MS));
      assert.ok(inFlood.time < 15 * TARGET_MS, `${inFlood.time / TARGET_MS} targets of flood`);
      assert.ok(inFlood.rounds <= 2 * doublings + 12, `${inFlood.rounds} rounds for ${doublings} doublings`);

      const high = settled(many, flooded, 50);
      const [, alone] = untilNear(few, high, Math.log2(few.rate * TARGET_MS));
      assert.ok(alone.time < (10 * Math.ceil(doublings / 3) + 60) * TARGET_MS);
    }),
    { numRuns: 50, seed: 1 },
  );
});

/** Plays until the bits are within one of what the rate asks for. */
function untilNear(miners: Miners, from: Difficulty, wanted: number) {
  let [state, time, rounds] = [from, 0, 0];
  while (Math.abs(state.bits - wanted) > 1 && rounds < 1_000) {
    const played = miners.play(state);
    state = played.state;
    time += played.took;
    rounds += 1;
  }
  return [state, { time, rounds }] as const;
}

test('a solve moves the bits by at most one, an expiry takes one to three off', () => {
  fc.assert(
    fc.property(track, fc.array(ending, { minLength: 1 }), (track, endings) => {
      let state = untried(track);
      for (const end of endings) {
        const next = retarget(track, state, end, TARGET_MS);
        const step = next.bits - state.bits;
        if (end.solved) assert.ok(Math.abs(step) <= 1);
        else assert.ok((step >= -3 && step <= -1) || next.bits === minBits(track));
        state = next;
      }
    }),
  );
});

test('a slower solve never asks for more bits than a quicker one', () => {
  const time = fc.integer({ min: 0, max: 1e9 });
  fc.assert(
    fc.property(track, fc.array(ending), time, time, (track, endings, one, other) => {
      let state = untried(track);
      for (const end of endings) state = retarget(track, state, end, TARGET_MS);
      const after = (workedMs: number) => retarget(track, state, { solved: true, workedMs }, TARGET_MS).bits;
      assert.ok(after(Math.max(one, other)) <= after(Math.min(one, other)));
    }),
  );
});
