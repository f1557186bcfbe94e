import { availableParallelism } from 'node:os';
import { type Clock, systemClock } from '../clock.js';
import { Unavailable } from '../unavailable.js';
import type { Job } from './job.js';
import { Lanes } from './lanes.js';
import type { Question } from './question.js';
import { Seat, type Tried } from './seat.js';

const LIMIT_MS = 10_000;
const CLOSE_MS = 3_000;
/** How much the latest job weighs in the mean. */
const MEAN_STEP = 1 / 16;

export interface ComputeOptions {
  /** Threads at most; 0 = one per core but one, and one at least. They start with the first jobs. */
  workers: number;
  /** Jobs that may wait for a thread. */
  queue: number;
  /** Milliseconds a job may run before its thread is ended. */
  limitMs?: number;
  /** Milliseconds `close` waits for jobs before it ends their threads. */
  closeMs?: number;
  clock?: Clock;
}

/** An answer, or how many seconds to wait because too much is queued already. */
export type Computed<O> = { ok: true; value: O } | { ok: false; retryAfter: number };

/** Jobs that run and wait now, threads there may be, jobs refused so far. */
export type ComputeLoad = { running: number; queued: number; workers: number; refused: number };

interface Entry {
  readonly question: Question;
  resolve(computed: Computed<unknown>): void;
  reject(error: unknown): void;
}

/** Runs dear work in a bounded number of threads, so that the event loop never waits for it. */
export class Compute {
  readonly #idle: Seat[] = [];
  readonly #seats: readonly Seat[];
  readonly #lanes: Lanes<Entry>;
  readonly #clock: Clock;
  readonly #closeMs: number;
  #running = 0;
  #refused = 0;
  #meanMs = 0;
  /** Open, letting what was asked for finish, or ending it. */
  #state: 'open' | 'closing' | 'ending' = 'open';
  #closed: Promise<void> | null = null;
  #quiet: (() => void) | null = null;

  constructor({
    workers,
    queue,
    limitMs = LIMIT_MS,
    closeMs = CLOSE_MS,
    clock = systemClock,
  }: ComputeOptions) {
    const count = workers === 0 ? Math.max(1, availableParallelism() - 1) : workers;
    this.#seats = Array.from({ length: count }, () => new Seat(clock, limitMs));
    this.#idle.push(...this.#seats);
    this.#lanes = new Lanes(queue);
    this.#clock = clock;
    this.#closeMs = closeMs;
  }

  /**
   * Runs the job in a thread. Rejects with what the job throws; with `Unavailable` when it takes too long, when
   * its thread dies under it twice, and after `close`.
   * @param lane whose work it is: lanes take turns, and none can fill the queue for all
   */
  run<I, O>(job: Job<I, O>, input: I, { lane = '' }: { lane?: string } = {}): Promise<Computed<O>> {
    const question = { module: job.module, name: job.name, input };
    const computed = new Promise<Computed<unknown>>((resolve, reject) => {
      if (this.#state !== 'open') return reject(unavailable());
      const entry = { question, resolve, reject };
      const seat = this.#idle.pop();
      if (seat === undefined) this.#wait(lane, entry);
      else void this.#work(seat, entry);
    });
    // The job's own output, which lost its type on the way between the threads.
    return computed as Promise<Computed<O>>;
  }

  load(): ComputeLoad {
    return {
      running: this.#running,
      queued: this.#lanes.size,
      workers: this.#seats.length,
      refused: this.#refused,
    };
  }

  /** Takes no more jobs, lets what was asked for finish for a while, then ends the threads. */
  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    this.#state = 'closing';
    if (this.#running > 0) {
      const quiet = new Promise<void>((resolve) => {
        this.#quiet = resolve;
      });
      const guard = this.#clock.after(this.#closeMs, () => this.#abandon());
      await quiet;
      guard.cancel();
    }
    await Promise.all(this.#seats.map((seat) => seat.end()));
  }

  #abandon(): void {
    this.#state = 'ending';
    for (let entry = this.#lanes.take(); entry !== undefined; entry = this.#lanes.take()) {
      entry.reject(unavailable());
    }
    for (const seat of this.#seats) void seat.end();
  }

  #wait(lane: string, entry: Entry): void {
    const displaced = this.#lanes.add(lane, entry);
    if (displaced === null) return;
    this.#refused++;
    displaced.resolve({ ok: false, retryAfter: this.#retryAfter() });
  }

  /** Seconds until what runs and waits now is done. */
  #retryAfter(): number {
    const jobs = this.#running + this.#lanes.size;
    return Math.max(1, Math.ceil((this.#meanMs * jobs) / this.#seats.length / 1000));
  }

  /** Keeps a seat busy with this job, then with what waits. */
  async #work(seat: Seat, first: Entry): Promise<void> {
    this.#running++;
    for (let entry: Entry | undefined = first; entry !== undefined; entry = this.#lanes.take()) {
      try {
        const tried = await this.#tryTwice(seat, entry.question);
        this.#measure(tried.ms);
        settle(entry, tried);
      } catch (error) {
        entry.reject(error);
      }
    }
    this.#running--;
    this.#idle.push(seat);
    if (this.#running === 0) this.#quiet?.();
  }

  async #tryTwice(seat: Seat, question: Question): Promise<Tried> {
    const tried = await seat.try(question);
    if (tried.kind !== 'died' || this.#state === 'ending') return tried;
    return seat.try(question);
  }

  #measure(ms: number): void {
    this.#meanMs += (ms - this.#meanMs) * (this.#meanMs === 0 ? 1 : MEAN_STEP);
  }
}

function settle(entry: Entry, tried: Tried): void {
  if (tried.kind === 'died') entry.reject(unavailable(tried.cause));
  else if (tried.kind === 'late')
    entry.reject(unavailable(new Error(`${entry.question.name} took too long`)));
  else if (tried.outcome.ok) entry.resolve({ ok: true, value: tried.outcome.value });
  else entry.reject(tried.outcome.error);
}

function unavailable(cause?: unknown): Unavailable {
  return new Unavailable('the compute pool', cause);
}
