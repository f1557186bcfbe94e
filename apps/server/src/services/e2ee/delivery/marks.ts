import type { Clock, Timer } from '../../../platform/clock.js';
import type { Database } from '../../../platform/sql/database.js';
import { markDelivered, type Span } from '../store/mark-delivered.js';

/** What is acknowledged within so long is never marked as delivered: most envelopes save that write. */
const DELAY_MS = 250;

/** Notes what a socket took, a while later and together. A note that is lost is made at the next delivery. */
export class Marks {
  readonly #db: Database;
  readonly #clock: Clock;
  #span: Span | null = null;
  #timer: Timer | null = null;

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** @param first and last sequence that the socket took */
  took(queue: number, first: number, last: number): void {
    const now = this.#clock.now();
    this.#span = { queue, first: this.#span?.first ?? first, last, now };
    this.#timer ??= this.#clock.after(DELAY_MS, () => this.flush());
  }

  /** All up to this sequence was acknowledged. */
  acknowledged(upTo: number): void {
    if (this.#span !== null && upTo >= this.#span.last) this.#span = null;
  }

  flush(): void {
    this.#timer?.cancel();
    this.#timer = null;
    const span = this.#span;
    this.#span = null;
    if (span !== null) this.#db.write(markDelivered, span).catch(() => undefined);
  }
}
