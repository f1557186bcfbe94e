import type { Clock } from '../../../platform/clock.js';
import { ExpiringMap } from '../../../platform/expiring.js';
import { keysOf, type Miner } from './miner.js';

/** Who sent nothing invalid for so long starts afresh. */
const MEMORY_MS = 600_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 300_000;
const TRACKED = 100_000;
/** Entries looked at with every strike, so that the expired leave. */
const SWEEP = 4;

/** On the clock that never steps back: a corrected wall clock frees nobody early and holds nobody longer. */
type Record = { strikes: number; freeAt: number };

/**
 * Invalid proofs, counted per token and per address. Past the allowance a submit has to wait: a second, then
 * twice as long with every further strike. When more are tracked than there is room for, new ones are not:
 * the slots and the queue of the verifier still bound what they cost.
 */
export class Strikes {
  readonly #clock: Clock;
  readonly #allowance: number;
  readonly #records = new ExpiringMap<Record>(TRACKED);

  /** @param allowance strikes that cost no time, 0 = none ever does */
  constructor(clock: Clock, allowance: number) {
    this.#clock = clock;
    this.#allowance = allowance;
  }

  /** Milliseconds until this miner may submit again, 0 when it may now. */
  wait(miner: Miner): number {
    const now = this.#clock.monotonic();
    const waits = keysOf(miner).map((key) => (this.#records.get(key, now)?.freeAt ?? 0) - now);
    return Math.max(0, ...waits);
  }

  /** Whether this token or this address sent something invalid lately. */
  any(miner: Miner): boolean {
    const now = this.#clock.monotonic();
    return keysOf(miner).some((key) => this.#records.get(key, now) !== undefined);
  }

  add(miner: Miner): void {
    const now = this.#clock.monotonic();
    this.#records.sweep(SWEEP, now);
    for (const key of keysOf(miner)) {
      const strikes = (this.#records.get(key, now)?.strikes ?? 0) + 1;
      const over = this.#allowance > 0 ? strikes - this.#allowance : 0;
      const wait = over > 0 ? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (over - 1)) : 0;
      this.#records.set(key, { strikes, freeAt: now + wait }, now + MEMORY_MS, now);
    }
  }

  /** A valid proof wipes the slate of its sender, not of the address that others share. */
  clear(miner: Miner): void {
    this.#records.delete(keysOf(miner)[0]);
  }
}
