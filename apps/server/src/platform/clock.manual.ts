import type { Clock, Timer } from './clock.js';

/** A clock for tests: time stands still until `advance` moves it. */
export class ManualClock implements Clock {
  readonly #pending: { due: number; task: () => void }[] = [];
  #elapsed = 0;

  /** @param start what `now` answers at first, in milliseconds since the epoch. */
  constructor(private readonly start = 1_700_000_000_000) {}

  now(): number {
    return this.start + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  after(ms: number, task: () => void): Timer {
    const entry = { due: this.#elapsed + ms, task };
    this.#pending.push(entry);
    return {
      cancel: () => {
        const index = this.#pending.indexOf(entry);
        if (index >= 0) this.#pending.splice(index, 1);
      },
    };
  }

  /** How many timers are waiting. */
  get timers(): number {
    return this.#pending.length;
  }

  /**
   * Moves time by `ms`. Timers run when they are due, in the order of their due times and then of their
   * making, each seeing its own due time as the present; timers made meanwhile run too if they fall due.
   */
  advance(ms: number): void {
    const target = this.#elapsed + ms;
    for (;;) {
      let next: { due: number; task: () => void } | undefined;
      for (const entry of this.#pending) {
        if (entry.due <= target && (next === undefined || entry.due < next.due)) next = entry;
      }
      if (next === undefined) break;
      this.#pending.splice(this.#pending.indexOf(next), 1);
      this.#elapsed = Math.max(this.#elapsed, next.due);
      next.task();
    }
    this.#elapsed = target;
  }
}
