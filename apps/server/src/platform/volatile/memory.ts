import type { Clock, Timer } from '../clock.js';
import { ExpiringMap } from '../expiring.js';
import { Unavailable } from '../unavailable.js';
import { EventCounts } from './events.js';
import { Subject } from './subject.js';
import type { Bucket, Jail, Taken, Volatile } from './volatile.js';

export type MemoryVolatileBounds = { maxSeeds: number; maxSubjects: number };

const BOUNDS: MemoryVolatileBounds = { maxSeeds: 100_000, maxSubjects: 200_000 };
const SWEEP_EVERY_MS = 1_000;
/** Entries per sweep: everything expired is gone within 20 s, and no sweep takes a millisecond. */
const SWEEP = 10_000;
/** What a new subject is told when `maxSubjects` others are remembered; buckets refill meanwhile. */
const CROWDED_RETRY_MS = 1_000;

/**
 * The door's state in this process. At the bounds the new give way to the old: a further seed is refused,
 * a further subject is `limited`. Only what reads as never seen (expired seeds, full buckets without
 * violations or term) is dropped, so that filling the table frees nobody from a limit.
 */
export class MemoryVolatile implements Volatile {
  readonly #clock: Clock;
  readonly #seeds: ExpiringMap<string>;
  readonly #subjects: ExpiringMap<Subject>;
  readonly #events = new EventCounts();
  #timer: Timer;
  #closed = false;

  constructor(clock: Clock, bounds: Partial<MemoryVolatileBounds> = {}) {
    const { maxSeeds, maxSubjects } = { ...BOUNDS, ...bounds };
    this.#clock = clock;
    this.#seeds = new ExpiringMap(maxSeeds);
    this.#subjects = new ExpiringMap(maxSubjects);
    this.#timer = this.#sweepLater();
  }

  async putSeed(key: string, record: string, ttlMs: number): Promise<boolean> {
    const now = this.#now();
    return this.#seeds.set(key, record, now + ttlMs, now);
  }

  async spendSeed(key: string): Promise<string | null> {
    const record = this.#seeds.get(key, this.#now()) ?? null;
    this.#seeds.delete(key);
    return record;
  }

  async take(name: string, bucket: Bucket, cost: number, jail?: Jail): Promise<Taken> {
    const now = this.#now();
    const subject = this.#subjects.get(name, now) ?? new Subject();
    const taken = subject.take(bucket, cost, jail, now);
    const { forgettableAt } = subject;
    if (forgettableAt <= now || this.#subjects.set(name, subject, forgettableAt, now)) return taken;
    return { outcome: 'limited', retryAfterMs: CROWDED_RETRY_MS };
  }

  async jailed(name: string): Promise<number> {
    const now = this.#now();
    return this.#subjects.get(name, now)?.jailedFor(now) ?? 0;
  }

  async forget(name: string): Promise<void> {
    this.#now();
    this.#subjects.delete(name);
  }

  async record(event: string, windowMs: number): Promise<void> {
    this.#events.record(event, windowMs, this.#now());
  }

  async count(event: string, windowMs: number): Promise<number> {
    return this.#events.count(event, windowMs, this.#now());
  }

  /** Seeds and subjects held in memory, for metrics and tests of the bounds. */
  get held(): { seeds: number; subjects: number } {
    return { seeds: this.#seeds.size, subjects: this.#subjects.size };
  }

  healthy(): boolean {
    return !this.#closed;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer.cancel();
  }

  /** Whole milliseconds on the clock that never steps back: a corrected wall clock frees nobody early. */
  #now(): number {
    if (this.#closed) throw new Unavailable('the state of the door');
    return Math.floor(this.#clock.monotonic());
  }

  #sweepLater(): Timer {
    return this.#clock.after(SWEEP_EVERY_MS, () => {
      const now = this.#now();
      this.#seeds.sweep(SWEEP, now);
      this.#subjects.sweep(SWEEP, now);
      this.#timer = this.#sweepLater();
    });
  }
}
