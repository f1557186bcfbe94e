import type { Clock, Timer } from '../../../platform/clock.js';
import type { Log } from '../../../platform/log/log.js';
import type { Database } from '../../../platform/sql/database.js';
import { closeErasure, openErasures } from '../store/erasures.js';
import { sweep } from '../store/sweep.js';

const EVERY_MS = 60_000;
/** Whoever deleted the account erases first; after so long it is taken that they could not. */
const GRACE_MS = 30_000;

/** Erases an account elsewhere; repeated until it succeeds, so that a repetition must do no harm. */
export type Erase = (account: Uint8Array) => Promise<void>;

export type EraserParts = { db: Database; clock: Clock; log: Log };

/** Sees to it that what was deleted, and what has run out, is gone everywhere in the end. */
export class Eraser {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #hooks: Erase[] = [];
  #timer: Timer | null = null;
  #round: Promise<void> = Promise.resolve();
  #closed = false;

  constructor({ db, clock, log }: EraserParts) {
    this.#db = db;
    this.#clock = clock;
    this.#log = log;
  }

  onDeleted(erase: Erase): void {
    this.#hooks.push(erase);
  }

  start(): void {
    this.#timer = this.#clock.after(EVERY_MS, () => {
      this.#round = this.#work().catch((error: unknown) => this.#warn(error));
      void this.#round.then(() => {
        if (!this.#closed) this.start();
      });
    });
  }

  /** Erases what the account left; rejects with `Unavailable` when that must be done later, which it will. */
  async erase(account: Uint8Array): Promise<void> {
    for (const hook of this.#hooks) await hook(account);
    await this.#db.write(closeErasure, { account });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#round;
  }

  async #work(): Promise<void> {
    const now = this.#clock.now();
    while (!this.#closed && (await this.#db.write(sweep, { now })));
    for (const account of await this.#db.read(openErasures, { before: now - GRACE_MS })) {
      if (this.#closed) return;
      // One that fails must not stand in the way of the others.
      await this.erase(account).catch((error: unknown) => this.#warn(error));
    }
  }

  #warn(error: unknown): void {
    this.#log.warn({ err: error }, 'could not erase all of the accounts that are gone; trying again');
  }
}
