import { PACING_IDLE_MS, PACING_INTERVAL_MS } from '@blindpost/protocol/relay';
import type { Clock, Timer } from '../../../platform/clock.js';

/** `dummy_pacing` each 500 ms of silence, until 5 s after the last real frame (architecture document 3.3). */
export class Dummies {
  readonly #clock: Clock;
  readonly #send: () => void;
  #timer: Timer | null = null;
  #lastReal = 0;
  #stopped = false;

  constructor(clock: Clock, send: () => void) {
    this.#clock = clock;
    this.#send = send;
  }

  /** A real frame came or went. */
  touch(): void {
    this.#lastReal = this.#clock.monotonic();
    if (this.#timer === null && !this.#stopped) this.#arm(PACING_INTERVAL_MS);
  }

  /** For good: the socket is gone. */
  stop(): void {
    this.#stopped = true;
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
    this.#arm(due ? PACING_INTERVAL_MS : PACING_INTERVAL_MS - silent);
    if (due) this.#send();
  }
}
