import type { Clock } from '../../../platform/clock.js';
import { ExpiringMap } from '../../../platform/expiring.js';
import type { Database } from '../../../platform/sql/database.js';
import { orderedPair } from '../rules/pair.js';
import { touchSession } from '../store/ensure-session.js';

const DAY_MS = 86_400_000;
/** Pairs remembered as noted today; one more is noted again. */
const BOUND = 100_000;

/** Notes on which day a pair last exchanged a message, once a day: finer would tell more than book-keeping needs. */
export class Talks {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #noted = new ExpiringMap<true>(BOUND);

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Never fails a send: what is lost is a day in a session's row. */
  note(one: Uint8Array, other: Uint8Array): void {
    const now = this.#clock.now();
    const day = Math.floor(now / DAY_MS) * DAY_MS;
    const pair = orderedPair(one, other);
    const name = Buffer.concat([pair.a, pair.b]).toString('latin1');
    if (this.#noted.get(name, now) !== undefined) return;
    this.#noted.set(name, true, day + DAY_MS, now);
    this.#db.write(touchSession, { ...pair, day }).catch(() => this.#noted.delete(name));
  }

  /** A new session has no day yet. */
  forget(one: Uint8Array, other: Uint8Array): void {
    const { a, b } = orderedPair(one, other);
    this.#noted.delete(Buffer.concat([a, b]).toString('latin1'));
  }
}
