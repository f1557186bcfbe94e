import { cores, openThread } from '#thread';
import { TRACK_TABLE, type TrackName } from '../tracks/index.js';
import { SolverError } from './error.js';
import type { SearchReport } from './orders.js';
import { Seat } from './seat.js';
import { openHere } from './thread/here.js';
import type { OpenThread } from './thread/thread.js';

/** Threads that may die during one search before it is given up. */
const MAX_CRASHES = 5;
/** Progress is told no more often, in milliseconds, however many threads there are. */
const PROGRESS_MS = 250;

export interface SolverOptions {
  /** Threads; 0 searches on this one, in slices. Default: one fewer than there are cores, and at least one. */
  workers?: number | undefined;
  /** Percent of a core that each of them may use, 1 to 100. Default 100. */
  throttle?: number | undefined;
}

export interface SearchOptions {
  /** Ends the search; it then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Called with all attempts so far, at most four times a second, and never after the search has ended. */
  onProgress?: ((attempts: number) => void) | undefined;
}

/** A nonce that `verify` says wins, its digest in lower-case hex, and how many were tried in all. */
export type TrackSolution = { nonce: string; digest: string; attempts: number };

interface Job {
  readonly id: number;
  attempts: number;
  crashes: number;
  readonly failed: Set<Seat>;
  readonly tell: (attempts: number) => void;
  toldAt: number;
  resolve(solution: TrackSolution): void;
  reject(reason: unknown): void;
}

/**
 * Finds nonces on all tracks, by threads of its own; one search at a time. Threads start with the first search
 * and keep a Node process alive until `close`. Stopping and pausing take effect within 100 ms, however long one
 * attempt takes.
 */
export class Solver {
  readonly #seats: readonly Seat[];
  #throttle: number;
  #job: Job | undefined;
  #jobs = 0;
  #paused = false;
  #closed = false;

  /**
   * @param open starts a thread; for tests
   * @throws RangeError when `workers` is no count or `throttle` not within 1 to 100
   */
  constructor(options: SolverOptions = {}, open?: OpenThread) {
    const workers = options.workers ?? Math.max(1, cores() - 1);
    if (!Number.isInteger(workers) || workers < 0) throw new RangeError(`workers: ${workers}`);
    this.#throttle = percent(options.throttle ?? 100);
    const start = open ?? (workers === 0 ? openHere : openThread);
    const listener = {
      report: (report: SearchReport, seat: Seat) => this.#report(report, seat),
      crashed: (cause: unknown) => this.#crashed(cause),
    };
    this.#seats = Array.from({ length: Math.max(1, workers) }, () => new Seat(start, listener));
  }

  get paused(): boolean {
    return this.#paused;
  }

  /**
   * Searches until a nonce wins; there is no limit but the signal. While paused it waits.
   * Rejects with a {@link SolverError}, or with the signal's reason.
   * @param params as the track's challenge names them; read by the track before anything is started
   */
  solve(track: TrackName, params: unknown, options: SearchOptions = {}): Promise<TrackSolution> {
    const { signal, onProgress } = options;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#closed) throw new SolverError('closed', 'the solver is closed');
      if (this.#job !== undefined) throw new SolverError('busy', 'the solver is at another search');
      const read = TRACK_TABLE[track].read(params);
      if (!read.ok) throw new SolverError('refused', `${track} refuses ${read.field}`, read.field);

      const abort = () => this.#end((job) => job.reject(signal?.reason));
      const leave = () => signal?.removeEventListener('abort', abort);
      signal?.addEventListener('abort', abort, { once: true });
      this.#jobs += 1;
      this.#job = {
        id: this.#jobs,
        attempts: 0,
        crashes: 0,
        failed: new Set(),
        tell: onProgress ?? (() => {}),
        toldAt: performance.now(),
        resolve(solution) {
          leave();
          resolve(solution);
        },
        reject(reason) {
          leave();
          reject(reason);
        },
      };
      const order = { job: this.#jobs, track, params: read.params, throttle: this.#throttle };
      for (const seat of this.#seats) seat.search({ type: 'search', ...order });
    });
  }

  pause(): void {
    this.#paused = true;
    for (const seat of this.#seats) seat.pause();
  }

  resume(): void {
    this.#paused = false;
    for (const seat of this.#seats) seat.resume();
  }

  /** @throws RangeError when it is not within 1 to 100 */
  throttle(percentOfACore: number): void {
    this.#throttle = percent(percentOfACore);
    for (const seat of this.#seats) seat.throttle(this.#throttle);
  }

  /** Ends all threads for good; a search rejects with `closed`. */
  close(): void {
    this.#closed = true;
    this.#end((job) => job.reject(new SolverError('closed', 'the solver is closed')));
    for (const seat of this.#seats) seat.close();
  }

  #report(report: SearchReport, seat: Seat): void {
    const job = this.#job;
    // Reports of a search that is over may still be on their way.
    if (job === undefined || report.job !== job.id) return;
    if (report.type === 'failed') {
      job.failed.add(seat);
      if (job.failed.size === this.#seats.length)
        this.#end(() => job.reject(new SolverError('failed', report.message)));
      return;
    }
    job.attempts += report.tried;
    if (report.type === 'found') {
      const { nonce, digest } = report;
      this.#end(() => job.resolve({ nonce, digest, attempts: job.attempts }));
      return;
    }
    const now = performance.now();
    if (now - job.toldAt < PROGRESS_MS) return;
    job.toldAt = now;
    job.tell(job.attempts);
  }

  #crashed(cause: unknown): void {
    const job = this.#job;
    if (job === undefined) return;
    job.crashes += 1;
    if (job.crashes <= MAX_CRASHES) return;
    const error = new SolverError('crashed', 'the threads of the solver keep dying', undefined, { cause });
    this.#end(() => job.reject(error));
  }

  #end(settle: (job: Job) => void): void {
    const job = this.#job;
    if (job === undefined) return;
    this.#job = undefined;
    for (const seat of this.#seats) seat.stop();
    settle(job);
  }
}

function percent(value: number): number {
  if (!(value >= 1 && value <= 100)) throw new RangeError(`throttle: ${value} percent`);
  return value;
}
