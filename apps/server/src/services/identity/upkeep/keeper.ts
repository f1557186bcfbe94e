import type { Clock, Timer } from '../../../platform/clock.js';
import type { Log } from '../../../platform/log/log.js';
import type { Database } from '../../../platform/sql/database.js';
import { sweep } from '../store/sweep.js';
import type { Room } from './room.js';

const EVERY_MS = 60_000;
/** Rows of each kind that one transaction deletes. */
const STEP = 500;

export type KeeperParts = { db: Database; room: Room; windowMs: number; clock: Clock; log: Log };

/** Deletes what has had its time, and counts what has not. */
export class Keeper {
  readonly #parts: KeeperParts;
  #timer: Timer | null = null;
  #round: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  start(): void {
    if (this.#closed) return;
    this.#timer = this.#parts.clock.after(EVERY_MS, () => {
      this.#round = this.run();
      void this.#round.then(() => this.start());
    });
  }

  /** One round, until nothing is left that is due. */
  async run(): Promise<void> {
    const { db, room, windowMs, clock, log } = this.#parts;
    try {
      while (!this.#closed && (await db.write(sweep, { now: clock.now(), windowMs, limit: STEP })));
      if (!this.#closed) await room.count();
    } catch (err) {
      log.warn({ err }, 'what has had its time stays until the next round');
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#round;
  }
}
