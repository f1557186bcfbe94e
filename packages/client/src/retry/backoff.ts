/** Waits between attempts, in milliseconds. */
export interface BackoffOptions {
  /** Bound of the first wait; doubles with each attempt. Default 100. */
  baseMs?: number;
  /** Bound of every wait. Default 10,000. */
  capMs?: number;
  /** Uniform in [0, 1); for tests. */
  random?: () => number;
}

/**
 * Exponential back-off with full jitter: each wait is uniform below a bound that doubles, so that the clients of
 * a server that comes back do not all arrive at once.
 */
export class Backoff {
  readonly #base: number;
  readonly #cap: number;
  readonly #random: () => number;
  #attempts = 0;

  constructor(options: BackoffOptions = {}) {
    this.#base = options.baseMs ?? 100;
    this.#cap = options.capMs ?? 10_000;
    this.#random = options.random ?? Math.random;
  }

  /** The next wait: never below what the server told, and spread above it. */
  next(toldMs = 0): number {
    const bound = Math.min(this.#cap, this.#base * 2 ** this.#attempts);
    this.#attempts += 1;
    return toldMs + this.#random() * bound;
  }

  reset(): void {
    this.#attempts = 0;
  }
}
