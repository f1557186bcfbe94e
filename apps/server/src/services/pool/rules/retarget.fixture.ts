import { TrackName } from '@blindpost/protocol/pool';
import fc from 'fast-check';
import { initialBits } from './bits.js';
import { type Difficulty, type Ending, unknownRate } from './retarget.js';

export const TRACK_NAMES: readonly TrackName[] = TrackName.anyOf.map(({ const: name }) => name);

export const track = fc.constantFrom(...TRACK_NAMES);

export const ending: fc.Arbitrary<Ending> = fc.record({
  solved: fc.boolean(),
  workedMs: fc.integer({ min: 0, max: 1e10 }),
});

/** How a track begins. */
export function difficulty(track: TrackName, targetMs: number): Difficulty {
  return unknownRate(initialBits(track, targetMs), targetMs);
}
