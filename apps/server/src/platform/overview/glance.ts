import type { Clock } from '../clock.js';
import { Unavailable } from '../unavailable.js';

/** Nobody looks more often. */
const FRESH_MS = 1_000;
/** The answer is looked at for so many times as long as the store took over it: it costs a fiftieth of a store at most. */
const REST = 50;
/** The same of a question that failed: whether the store is back is worth more. */
const RETRY = 2;
/** A store that takes longer counts as away for whoever looks now. */
const PATIENCE_MS = 2_000;

/**
 * What a store tells of itself, asked once for all who look. A dear question is asked less often, and never twice at
 * a time.
 */
export class Glance<T> {
  readonly #ask: () => Promise<T>;
  readonly #clock: Clock;
  #seen: T | null = null;
  #until = Number.NEGATIVE_INFINITY;
  #asking: Promise<T | null> | null = null;

  constructor(ask: () => Promise<T>, clock: Clock) {
    this.#ask = ask;
    this.#clock = clock;
  }

  /** Null while the store does not answer. */
  async look(): Promise<T | null> {
    if (this.#clock.monotonic() < this.#until) return this.#seen;
    this.#asking ??= this.#refresh().finally(() => {
      this.#asking = null;
    });
    const { over, cancel } = this.#patience();
    try {
      return await Promise.race([this.#asking, over]);
    } finally {
      cancel();
    }
  }

  #patience(): { over: Promise<null>; cancel(): void } {
    let cancel = () => {};
    const over = new Promise<null>((resolve) => {
      const timer = this.#clock.after(PATIENCE_MS, () => resolve(null));
      cancel = () => timer.cancel();
    });
    return { over, cancel: () => cancel() };
  }

  async #refresh(): Promise<T | null> {
    const began = this.#clock.monotonic();
    try {
      this.#seen = await this.#ask();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      this.#seen = null;
    }
    const now = this.#clock.monotonic();
    this.#until = now + Math.max(FRESH_MS, (this.#seen === null ? RETRY : REST) * (now - began));
    return this.#seen;
  }
}
