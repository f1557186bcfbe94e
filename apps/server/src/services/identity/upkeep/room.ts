import type { Database } from '../../../platform/sql/database.js';
import { census } from '../store/sweep.js';

/** How many rows there may be; 0 = any number. */
export type Bounds = { attestations: number; nullifiers: number };

/**
 * Whether there is room for more of what is kept for ever. Counted now and then, not at each write: what is written
 * meanwhile may go a minute's worth over the bound.
 */
export class Room {
  readonly #db: Database;
  readonly #bounds: Bounds;
  #held: Bounds = { attestations: 0, nullifiers: 0 };

  constructor(db: Database, bounds: Bounds) {
    this.#db = db;
    this.#bounds = bounds;
  }

  async count(): Promise<void> {
    this.#held = await this.#db.read(census, null);
  }

  /** As counted last. */
  get held(): Bounds {
    return this.#held;
  }

  isFull(kind: keyof Bounds): boolean {
    return this.#bounds[kind] > 0 && this.#held[kind] >= this.#bounds[kind];
  }
}
