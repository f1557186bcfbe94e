import { uuidv7 } from '../../../platform/sql/id.js';
import type { Pool } from '../pool.js';
import type { Terms } from '../rules/terms.js';
import { poolTerms } from '../settings.js';

/** What a program, challenge and seed are drawn from, bytes: enough for the longest program issued. */
export const ENTROPY_BYTES = 4096;

/** What a transaction needs to open one round: decided outside it, so that its repetition decides the same. */
export function fresh(pool: Pick<Pool, 'clock' | 'random' | 'settings'>): {
  now: number;
  newRoundId: Uint8Array;
  entropy: string;
  terms: Terms;
} {
  const { clock, random, settings } = pool;
  return {
    now: clock.now(),
    newRoundId: uuidv7(clock, random),
    entropy: random.hex(ENTROPY_BYTES),
    terms: poolTerms(settings),
  };
}
