import type { TrackName } from '@blindpost/protocol/pool';
import { clampBits, minBits } from './bits.js';

/** What is known of the hash rate behind one track: attempts made, and the milliseconds they took, fading. */
export type Difficulty = { bits: number; work: number; time: number };

/** How a round ended, and how long it had miners. */
export type Ending = { solved: boolean; workedMs: number };

/** What is left of the past after a solve: the rate is that of about the last four rounds. */
const KEEP = 0.75;
/** Not solved in ten targets: the miners it was made for have left, and what they did counts for little. */
const KEEP_EXPIRED = 0.125;
const STEP = 1;
const STEP_EXPIRED = 3;

/**
 * The next round's bits. Solving is memoryless: at a rate of r attempts per millisecond the time to a solve is
 * exponential with mean 2^bits / r, so Σ 2^bits / Σ time over solved rounds is the most likely r, and a round
 * that ended unsolved adds its time and no work. Bits are whole and move one step at a time, so that one lucky
 * nonce cannot move them far.
 */
export function retarget(
  track: TrackName,
  { bits, work, time }: Difficulty,
  { solved, workedMs }: Ending,
  targetMs: number,
): Difficulty {
  const keep = solved ? KEEP : KEEP_EXPIRED;
  const known = {
    work: keep * work + (solved ? 2 ** bits : 0),
    time: keep * time + Math.max(1, workedMs),
  };
  const wanted = Math.round(Math.log2((known.work / known.time) * targetMs));
  const [least, most] = solved ? [bits - STEP, bits + STEP] : [bits - STEP_EXPIRED, bits - 1];
  return { ...known, bits: clampBits(track, Math.min(most, Math.max(least, wanted))) };
}

/**
 * Before anything is known: the fewest bits. Who comes first is soon paid, and with each solve they rise to what the
 * miners are worth; beginning high would leave slow miners at a first round that nobody ends.
 */
export function untried(track: TrackName): Difficulty {
  return { bits: minBits(track), work: 0, time: 0 };
}
