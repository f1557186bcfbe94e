import { PACING_IDLE_MS, PACING_INTERVAL_MS } from '@blindpost/protocol/relay';
import type { Clock, Timer } from '../../../platform/clock.js';

/** `dummy_pacing` each 500 ms of silence, until 5 s after the last real frame (architecture document 3.3). */
export class Dummies {
  readonly #clock: Clock;
  readonly #send: () => void;
  #timer: Timer | null = null;
  #lastReal = 0;

  constructor(clock: Clock, send: () => void) {
    this.#clock = clock;
    this.#send = send;
  }

  /** A real frame came or went. */
  touch(): void {
    this.#lastReal = this.#clock.monotonic();
    if (this.#timer === null) this.#arm(PACING_INTERVAL_MS);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #arm(ms: number): void {
    this.#timer = this.#clock.after(ms, () => this.#tick());
  }

  #tick(): void {
    this.#timer = null;
    const silent = this.#clock.monotonic() - this.#lastReal;
    if (silent >= PACING_IDLE_MS) return;
    const due = silent >= PACING_INTERVAL_MS;
    if (due) this.#send();
    this.#arm(due ? PACING_INTERVAL_MS : PACING_INTERVAL_MS - silent);
  }
}
