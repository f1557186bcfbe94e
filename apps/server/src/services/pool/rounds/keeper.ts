import type { TrackName } from '@blindpost/protocol/pool';
import type { Timer } from '../../../platform/clock.js';
import { uuidv7 } from '../../../platform/sql/id.js';
import type { Pool } from '../pool.js';
import { ENTROPY_BYTES } from '../rules/issue.js';
import { poolTerms } from '../settings.js';
import { ensureRounds } from '../store/ensure-rounds.js';
import { expireRounds } from '../store/expire-rounds.js';
import { sweep } from '../store/sweep.js';

/** A round that nobody solved within so many target times was made for miners that have left. */
const EXPIRE_AFTER_TARGETS = 10;
const PERIOD_MS = 5_000;

type Parts = Pick<Pool, 'db' | 'clock' | 'random' | 'settings' | 'log' | 'floor'>;

/** Keeps one round of every wanted track open, and the tables small. */
export class Keeper {
  readonly #pool: Parts;
  readonly #tracks: readonly TrackName[];
  #timer: Timer | null = null;
  #work: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(pool: Parts) {
    this.#pool = pool;
    this.#tracks = [...pool.settings.POOL_TRACK_WEIGHTS].flatMap(([track, weight]) =>
      weight > 0 ? [track] : [],
    );
  }

  /** Opens what is missing; resolves when every track has its round. */
  async start(): Promise<void> {
    const { db } = this.#pool;
    await db.write(ensureRounds, { tracks: this.#tracks.map((track) => this.#fresh(track)), ...this.#now() });
    this.#schedule();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#work;
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer = this.#pool.clock.after(PERIOD_MS, () => {
      this.#work = this.#keep()
        .catch((err: unknown) => this.#pool.log.warn({ err }, 'rounds were not looked after'))
        .finally(() => this.#schedule());
    });
  }

  async #keep(): Promise<void> {
    const { db, floor, settings } = this.#pool;
    const expired = await db.write(expireRounds, {
      olderThanMs: settings.POOL_TARGET_SECONDS * 1000 * EXPIRE_AFTER_TARGETS,
      tracks: this.#tracks.map((track) => this.#fresh(track)),
      ...this.#now(),
    });
    for (const { track, id } of expired) void floor.solved({ track, round: id });
    await db.write(sweep, { now: this.#pool.clock.now() });
  }

  #now() {
    return { now: this.#pool.clock.now(), terms: poolTerms(this.#pool.settings) };
  }

  #fresh(track: TrackName) {
    const { clock, random } = this.#pool;
    return { track, id: uuidv7(clock, random), entropy: random.hex(ENTROPY_BYTES) };
  }
}
