/**
 * Short-lived state of the door: seeds that are spent once, token buckets, jailed addresses, event counts.
 * Adapters: `memory` and `redis`; one contract test runs on both. Every verb is atomic. All verbs reject
 * with `Unavailable` when the backing server does not answer. Subjects and keys arrive blinded.
 */
export interface Volatile {
  /** Keeps `record` under `key` for `ttlMs`. Answers false at the bound (`maxSeeds`): the caller says 503. */
  putSeed(key: string, record: string, ttlMs: number): Promise<boolean>;
  /** Hands the record out once and forgets it; null when unknown, spent or expired. */
  spendSeed(key: string): Promise<string | null>;

  /**
   * Takes `cost` tokens from `subject`'s bucket. A refusal is a violation of the subject when `jail` is
   * given: at `jail.violations` within `jail.ms` the subject is jailed for `jail.ms`, and until then
   * every take with `jail` answers `jailed`. A cost above the capacity is always `limited`.
   */
  take(subject: string, bucket: Bucket, cost: number, jail?: Jail): Promise<Taken>;
  /** Milliseconds the subject stays jailed, 0 when it is free. */
  jailed(subject: string): Promise<number>;
  /** Drops every bucket, violation and jail term of the subject. */
  forget(subject: string): Promise<void>;

  /** Counts one event of this kind. */
  record(event: string, windowMs: number): Promise<void>;
  /** Events of this kind within the last `windowMs` (to within a tenth of the window, never fewer). */
  count(event: string, windowMs: number): Promise<number>;

  healthy(): boolean;
  close(): Promise<void>;
}

/** `capacity` tokens at once, refilled evenly to full over `windowMs`. */
export type Bucket = { name: string; capacity: number; windowMs: number };
export type Jail = { violations: number; ms: number };

export type Taken =
  | { outcome: 'ok'; remaining: number }
  | { outcome: 'limited'; retryAfterMs: number }
  | { outcome: 'jailed'; retryAfterMs: number };
