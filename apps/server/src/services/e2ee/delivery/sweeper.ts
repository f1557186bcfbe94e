import type { Clock, Timer } from '../../../platform/clock.js';
import type { Log } from '../../../platform/log/log.js';
import type { Database } from '../../../platform/sql/database.js';
import { purge } from '../store/erase.js';
import { sweep } from '../store/sweep.js';

const INTERVAL_MS = 10_000;
/** Rows of each kind that one transaction deletes. */
const STEP = 500;

/** Deletes what has had its time: expired, acknowledged long ago, erased. */
export class Sweeper {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #log: Log;
  #timer: Timer | null = null;
  #running: Promise<void> | null = null;
  #stopped = false;

  constructor({ db, clock, log }: { db: Database; clock: Clock; log: Log }) {
    this.#db = db;
    this.#clock = clock;
    this.#log = log;
  }

  start(): void {
    if (this.#stopped) return;
    this.#timer = this.#clock.after(INTERVAL_MS, () => {
      void this.run().finally(() => this.start());
    });
  }

  /** One round, until nothing is left that is due. */
  run(): Promise<void> {
    this.#running ??= this.#round().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async close(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#running;
  }

  async #round(): Promise<void> {
    try {
      while (
        !this.#stopped &&
        (await this.#db.write(sweep, { now: this.#clock.now(), limit: STEP })) >= STEP
      );
      while (!this.#stopped && (await this.#db.write(purge, { limit: STEP })));
    } catch (err) {
      this.#log.warn({ err }, 'what has had its time stays until the next sweep');
    }
  }
}
