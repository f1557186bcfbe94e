import { TrackName } from '@blindpost/protocol/pool';
import fc from 'fast-check';
import type { Ending } from './retarget.js';

export const TRACK_NAMES: readonly TrackName[] = TrackName.anyOf.map(({ const: name }) => name);

export const track = fc.constantFrom(...TRACK_NAMES);

export const ending: fc.Arbitrary<Ending> = fc.record({
  solved: fc.boolean(),
  workedMs: fc.integer({ min: 0, max: 1e10 }),
});
