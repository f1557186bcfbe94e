/** `burst` frames at once, and `perSecond` on. */
export type Rate = { burst: number; perSecond: number };

/**
 * Below the relay's default allowance of 200 frames in 10 s, with room for a second client at the same address.
 * Whoever exceeds that five times is jailed for five minutes, so a client that may send a burst must hold itself
 * back rather than be told.
 */
export const DEFAULT_RATE: Rate = { burst: 100, perSecond: 18 };

/** The client's own token bucket, kept below the server's. */
export class RateBucket {
  readonly #capacity: number;
  readonly #perMs: number;
  readonly #now: () => number;
  #tokens: number;
  #at: number;

  constructor(rate: Rate, now: () => number = () => performance.now()) {
    this.#capacity = rate.burst;
    this.#perMs = rate.perSecond / 1000;
    this.#now = now;
    this.#tokens = rate.burst;
    this.#at = now();
  }

  /** Takes `cost` tokens and answers 0, or takes none and answers the milliseconds until they are there. */
  take(cost: number): number {
    const now = this.#now();
    this.#tokens = Math.min(this.#capacity, this.#tokens + (now - this.#at) * this.#perMs);
    this.#at = now;
    // What costs more than the whole bucket is sent from a full one; else it would wait for ever.
    const needed = Math.min(cost, this.#capacity);
    // Refills add up in floating point; a missing trillionth of a token is no token missing.
    if (this.#tokens + 1e-9 >= needed) {
      this.#tokens -= needed;
      return 0;
    }
    return Math.ceil((needed - this.#tokens) / this.#perMs);
  }

  /** The server said it is empty: others of this address may have drawn on the same allowance. */
  drain(): void {
    this.#tokens = 0;
    this.#at = this.#now();
  }
}
