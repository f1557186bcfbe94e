import type { Bucket, Taken } from './volatile.js';

/**
 * How far a bucket is from full at a moment: `debt` is in tokens × windowMs, so that it shrinks by
 * `capacity` each millisecond. Whole numbers stay exact where fractions of tokens would drift.
 */
export type Level = { debt: number; at: number };

export type BucketTaken = Exclude<Taken, { outcome: 'jailed' }>;

/** Takes `cost` tokens at `now` (ms); a refusal leaves the level as it was. No level means a full bucket. */
export function takeTokens(
  level: Level | undefined,
  { capacity, windowMs }: Bucket,
  cost: number,
  now: number,
): { level: Level; taken: BucketTaken } {
  const full = capacity * windowMs;
  // The settings may have shrunk since the level was written: nobody owes more than a full bucket.
  const before = Math.min(level?.debt ?? 0, full) - Math.max(0, now - (level?.at ?? now)) * capacity;
  const debt = Math.max(0, before);
  const wanted = debt + cost * windowMs;
  if (wanted <= full) {
    const remaining = Math.floor((full - wanted) / windowMs);
    return { level: { debt: wanted, at: now }, taken: { outcome: 'ok', remaining } };
  }
  const retryAfterMs = cost > capacity ? windowMs : Math.ceil((wanted - full) / capacity);
  return { level: level ?? { debt: 0, at: now }, taken: { outcome: 'limited', retryAfterMs } };
}

/** When the bucket is full again; from then on it need not be remembered. */
export function fullAt(level: Level, { capacity }: Bucket): number {
  return level.debt === 0 ? level.at : level.at + Math.ceil(level.debt / capacity);
}
