import { type PoolFrameOut, STATS_INTERVAL_MS } from '@blindpost/protocol/pool';
import type { Bus } from '../../../platform/bus/bus.js';
import type { Clock, Timer } from '../../../platform/clock.js';
import type { Log } from '../../../platform/log/log.js';
import type { Random } from '../../../platform/random.js';
import { decodeHint, encodeHint, type Hint, POOL_TOPIC, type Solved } from './hint.js';
import type { MinerSession, SessionListener } from './session.js';

/** Time open sockets have to answer the close. */
const GRACE_MS = 3_000;
const GOING_AWAY = 1001;
/** An instance that was silent for so long counts no more. */
const LOAD_TTL_MS = 2.5 * STATS_INTERVAL_MS;

/** What all miners at work come to. */
export type Load = { miners: number; hps: number };

/** Where the miners stand: every socket of this instance, and what the other instances tell of theirs. */
export class Floor implements SessionListener {
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #instance: string;
  readonly #open = new Set<MinerSession>();
  readonly #byMiner = new Map<string, { session: MinerSession; at: number }>();
  readonly #elsewhere = new Map<string, Load & { until: number }>();
  readonly #poolBalance: () => Promise<number>;
  #timer: Timer | null = null;
  #leave: (() => Promise<void>) | null = null;

  private constructor(
    { bus, clock, log, random }: { bus: Bus; clock: Clock; log: Log; random: Random },
    poolBalance: () => Promise<number>,
  ) {
    this.#bus = bus;
    this.#clock = clock;
    this.#log = log;
    this.#instance = random.hex(8);
    this.#poolBalance = poolBalance;
  }

  /** Listens on the bus and begins to send `stats`. Rejects with `Unavailable` when the bus is down. */
  static async open(
    parts: { bus: Bus; clock: Clock; log: Log; random: Random },
    poolBalance: () => Promise<number>,
  ): Promise<Floor> {
    const floor = new Floor(parts, poolBalance);
    floor.#leave = await parts.bus.subscribe(POOL_TOPIC, {
      onHint: (bytes) => {
        const hint = decodeHint(bytes);
        if (hint !== null) floor.#take(hint);
      },
      // A missed `solved` costs a miner one `too_late`, a missed `opened` a second socket for a while.
      onGap: () => undefined,
    });
    floor.#schedule();
    return floor;
  }

  add(session: MinerSession): void {
    this.#open.add(session);
  }

  /** One socket per miner: the one that came last. */
  onMiner(session: MinerSession): void {
    if (session.miner === null) return;
    const { name } = session.miner;
    this.#byMiner.get(name)?.session.kick();
    const at = this.#clock.now();
    this.#byMiner.set(name, { session, at });
    void this.#tell({ kind: 'opened', miner: name, instance: this.#instance, at });
  }

  onClose(session: MinerSession): void {
    this.#open.delete(session);
    if (session.miner === null) return;
    const { name } = session.miner;
    if (this.#byMiner.get(name)?.session === session) this.#byMiner.delete(name);
  }

  /** Tells every miner, wherever it is connected, that this round is over. */
  async solved({ track, round }: Solved): Promise<void> {
    await this.#tell({ kind: 'solved', track, round });
  }

  load(): Load {
    const now = this.#clock.monotonic();
    const total = this.#own();
    for (const [instance, load] of this.#elsewhere) {
      if (load.until <= now) this.#elsewhere.delete(instance);
      else {
        total.miners += load.miners;
        total.hps += load.hps;
      }
    }
    return total;
  }

  /** Closes all sockets (1001) and waits until they are gone; the deaf are cut off. */
  async close(): Promise<void> {
    this.#timer?.cancel();
    await this.#leave?.();
    for (const session of this.#open) session.close(GOING_AWAY);
    const guard = setTimeout(() => {
      for (const session of this.#open) session.terminate();
    }, GRACE_MS);
    while (this.#open.size > 0) await new Promise((done) => setTimeout(done, 10));
    clearTimeout(guard);
  }

  #own(): Load {
    const sessions = [...this.#byMiner.values()].map(({ session }) => session);
    return { miners: sessions.length, hps: sessions.reduce((sum, { hps }) => sum + hps, 0) };
  }

  #take(hint: Hint): void {
    if (hint.kind === 'solved') {
      this.#broadcast({ type: 'round_solved', track: hint.track, round_id: hint.round });
    } else if (hint.instance === this.#instance) {
      return;
    } else if (hint.kind === 'opened') {
      const own = this.#byMiner.get(hint.miner);
      if (own !== undefined && this.#isLater(hint, own.at)) own.session.kick();
    } else {
      const { miners, hps } = hint;
      this.#elsewhere.set(hint.instance, { miners, hps, until: this.#clock.monotonic() + LOAD_TTL_MS });
    }
  }

  /** Of two sockets that open at once, at two instances, one must stay: both sides decide alike. */
  #isLater(opened: { at: number; instance: string }, at: number): boolean {
    return opened.at === at ? opened.instance > this.#instance : opened.at > at;
  }

  /** Hints only: whoever misses one finds out at the next request. */
  async #tell(hint: Hint): Promise<void> {
    try {
      await this.#bus.publish(POOL_TOPIC, encodeHint(hint));
    } catch (err) {
      this.#log.warn({ err, hint: hint.kind }, 'the other instances were not told');
    }
  }

  #broadcast(frame: PoolFrameOut): void {
    for (const { session } of this.#byMiner.values()) session.send(frame);
  }

  #schedule(): void {
    this.#timer = this.#clock.after(STATS_INTERVAL_MS, () => {
      void this.#report().finally(() => this.#schedule());
    });
  }

  async #report(): Promise<void> {
    await this.#tell({ kind: 'load', instance: this.#instance, ...this.#own() });
    if (this.#byMiner.size === 0) return;
    try {
      this.#broadcast({ type: 'stats', ...this.load(), pool_balance_micro: await this.#poolBalance() });
    } catch (err) {
      this.#log.warn({ err }, 'no stats: the store does not answer');
    }
  }
}
