import type { Clock } from '../../../platform/clock.js';
import { ExpiringMap } from '../../../platform/expiring.js';
import { byteKey } from '../../../platform/sql/byte-key.js';
import type { Database } from '../../../platform/sql/database.js';
import type { Accounts } from '../accounts.js';
import { erase } from '../store/erase.js';
import { openQueue } from '../store/open-queue.js';
import type { Owner } from '../store/queue.js';

/** Accounts remembered to have a queue, and how long: a look more costs time, not truth. */
const BOUND = 100_000;
const TTL_MS = 3_600_000;

/** Sees to it that whoever is written to has a queue; an account gets its own with the first envelope. */
export class Queues {
  readonly #db: Database;
  readonly #accounts: Accounts;
  readonly #clock: Clock;
  readonly #known = new ExpiringMap<true>(BOUND);

  constructor(db: Database, accounts: Accounts, clock: Clock) {
    this.#db = db;
    this.#accounts = accounts;
    this.#clock = clock;
  }

  /** Answers the index of the first that is nobody's account, null when all have a queue. */
  async open(owners: readonly Owner[]): Promise<number | null> {
    const now = this.#clock.now();
    const wanted = new Map<string, Owner>();
    for (const owner of owners) {
      const id = byteKey(owner.account);
      if (this.#known.get(id, now) === undefined) wanted.set(id, owner);
    }
    if (wanted.size === 0) return null;
    const accounts = [...wanted.values()].map(({ account }) => account);
    const missing = await this.#accounts.missing(accounts);
    if (missing.length > 0) return firstOf(owners, missing);
    await Promise.all([...wanted.values()].map((owner) => this.#db.write(openQueue, owner)));
    const gone = await this.eraseGone(accounts);
    if (gone.length > 0) return firstOf(owners, gone);
    for (const id of wanted.keys()) this.#known.set(id, true, now + TTL_MS, now);
    return null;
  }

  /**
   * Erases once more those that are nobody's account: one that was deleted while something was written for it may
   * have been erased before that was there.
   */
  async eraseGone(accounts: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    const gone = await this.#accounts.missing(accounts);
    await Promise.all(gone.map((account) => this.#db.write(erase, { account })));
    return gone;
  }

  /** The store does not know the queue of one of these after all: its account was erased. */
  forget(owners: readonly Owner[]): void {
    for (const { account } of owners) this.#known.delete(byteKey(account));
  }
}

function firstOf(owners: readonly Owner[], accounts: readonly Uint8Array[]): number {
  const ids = new Set(accounts.map(byteKey));
  return owners.findIndex(({ account }) => ids.has(byteKey(account)));
}
