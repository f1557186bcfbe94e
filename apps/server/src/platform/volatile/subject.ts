import { fullAt, type Level, takeTokens } from './bucket.js';
import type { Bucket, Jail, Taken } from './volatile.js';

/** What is remembered of one address or identity: its buckets, its violations and its jail term. */
export class Subject {
  readonly #levels = new Map<string, Level>();
  /** When the violations that still count happened, oldest first. */
  #violations: number[] = [];
  #jailedUntil = 0;
  #forgettableAt = 0;

  /** From this moment on nothing here differs from a subject never seen. */
  get forgettableAt(): number {
    return this.#forgettableAt;
  }

  take(bucket: Bucket, cost: number, jail: Jail | undefined, now: number): Taken {
    const term = this.jailedFor(now);
    if (jail !== undefined && term > 0) return { outcome: 'jailed', retryAfterMs: term };
    const { level, taken } = takeTokens(this.#levels.get(bucket.name), bucket, cost, now);
    this.#levels.set(bucket.name, level);
    this.#rememberUntil(fullAt(level, bucket));
    if (taken.outcome === 'ok' || jail === undefined) return taken;
    return this.#violate(jail, now) ? { outcome: 'jailed', retryAfterMs: jail.ms } : taken;
  }

  jailedFor(now: number): number {
    return Math.max(0, this.#jailedUntil - now);
  }

  /** Counts a violation; true when it was the one too many. */
  #violate(jail: Jail, now: number): boolean {
    this.#rememberUntil(now + jail.ms);
    this.#violations = this.#violations.filter((time) => time > now - jail.ms);
    this.#violations.push(now);
    if (this.#violations.length < jail.violations) return false;
    this.#violations = [];
    this.#jailedUntil = now + jail.ms;
    return true;
  }

  #rememberUntil(time: number): void {
    this.#forgettableAt = Math.max(this.#forgettableAt, time);
  }
}
