import type { RedemptionState } from '@blindpost/protocol/pool';
import type { Clock, Timer } from '../../../platform/clock.js';
import type { Log } from '../../../platform/log/log.js';
import type { Database } from '../../../platform/sql/database.js';
import { claimRedemptions } from '../store/claim-redemptions.js';
import { recordDelivery } from '../store/record-delivery.js';
import type { RedemptionSink } from './sink.js';

/** The miner waits so long for the first try; the code is in its answer whatever comes of it. */
const PATIENCE_MS = 5_000;
/** Between two looks for what is due. */
const ROUND_MS = 2_000;
const AT_ONCE = 20;
/** Nobody else tries a code that was claimed so lately. */
const LEASE_MS = 30_000;
/** A request that has just reserved a code claims it by then, and tells its miner what became of it. */
const FRESH_MS = 3_000;

/**
 * Carries codes from the outbox to the gateway until it has them. A code is marked as issued before the gateway
 * hears of it and delivered only when the gateway says so; what lies between is tried again, with the same code.
 */
export class Courier {
  readonly #db: Database;
  readonly #sink: RedemptionSink;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #underWay = new Map<string, Promise<RedemptionState>>();
  #timer: Timer | null = null;
  #round: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: { db: Database; sink: RedemptionSink; clock: Clock; log: Log }) {
    this.#db = parts.db;
    this.#sink = parts.sink;
    this.#clock = parts.clock;
    this.#log = parts.log;
  }

  /** Begins to look for codes that are due, what an earlier process left included. */
  start(): void {
    this.#schedule();
  }

  /** Tries one code now; answers how far it came within the patience of a request. */
  async deliver(id: Uint8Array): Promise<RedemptionState> {
    const name = Buffer.from(id).toString('hex');
    // Whoever asks for the same code meanwhile waits for the same try.
    const delivery = this.#underWay.get(name) ?? this.#try(id).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, delivery);
    const { promise: patience, cancel } = this.#patience();
    try {
      return await Promise.race([delivery, patience]);
    } finally {
      cancel();
    }
  }

  async #try(id: Uint8Array): Promise<RedemptionState> {
    try {
      return await this.#claimAndDeliver(id);
    } catch (err) {
      this.#log.warn({ err }, 'a redemption was not recorded; it will be tried again');
      return 'issued';
    }
  }

  #patience(): { promise: Promise<RedemptionState>; cancel: () => void } {
    let cancel = () => {};
    const promise = new Promise<RedemptionState>((resolve) => {
      const timer = this.#clock.after(PATIENCE_MS, () => resolve('issued'));
      cancel = () => timer.cancel();
    });
    return { promise, cancel };
  }

  /** Ends after the delivery under way; what is left is found by the next start. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    // The sink first: it sends away who waits in line there, behind a gateway that may be silent.
    await this.#sink.close();
    await this.#round;
    await Promise.all(this.#underWay.values());
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer = this.#clock.after(ROUND_MS, () => {
      this.#round = this.#claimAndDeliver(null)
        .then(
          () => undefined,
          (err: unknown) => this.#log.warn({ err }, 'redemptions wait'),
        )
        .finally(() => this.#schedule());
    });
  }

  /** @param id of one code, or null for whatever is due */
  async #claimAndDeliver(id: Uint8Array | null): Promise<RedemptionState> {
    const now = this.#clock.now();
    const terms = { leaseMs: LEASE_MS, freshMs: FRESH_MS, limit: AT_ONCE };
    const claimed = await this.#db.write(claimRedemptions, { now, ...terms, id });
    let state: RedemptionState = 'issued';
    for (const redemption of claimed) {
      // Left to the lease's end: a drain waits for one code, not for all that are due.
      if (this.#closed && id === null) break;
      const delivery = await this.#sink.deliver(redemption);
      if (delivery.outcome !== 'delivered') this.#log.warn({ reason: delivery.reason }, 'a code waits');
      const recorded = { id: redemption.id, outcome: delivery.outcome, now: this.#clock.now() };
      ({ state } = await this.#db.write(recordDelivery, recorded));
    }
    return state;
  }
}
