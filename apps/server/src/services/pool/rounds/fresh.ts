import { uuidv7 } from '../../../platform/sql/id.js';
import type { Pool } from '../pool.js';
import { ENTROPY_BYTES } from '../rules/issue.js';
import type { Terms } from '../rules/terms.js';
import { poolTerms } from '../settings.js';

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
