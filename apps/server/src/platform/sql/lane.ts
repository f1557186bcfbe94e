import { Unavailable } from '../unavailable.js';

/** What became of one job. */
export type Outcome<E = unknown> = { ok: true; value: unknown } | { ok: false; error: E };

export interface LaneOptions {
  /** Jobs that are run together at most. */
  batch: number;
  /** Batches under way at the same time. */
  width: number;
  /** Jobs that may wait; one more is refused with `Unavailable`. */
  bound: number;
}

interface Waiting<J> {
  readonly job: J;
  settle(outcome: Outcome): void;
}

/**
 * A bounded queue in front of the database. What arrives while a batch is under way is the next batch, so
 * that the dearer a commit is, the more of them share one.
 */
export class Lane<J> {
  readonly #run: (jobs: readonly J[]) => Promise<readonly Outcome[]>;
  readonly #options: LaneOptions;
  #queue: Waiting<J>[] = [];
  #underWay = 0;
  #held = 0;
  #scheduled = false;
  #closed = false;
  #idle: (() => void)[] = [];

  /** @param run answers one outcome per job, in their order; what it rejects with is every job's outcome */
  constructor(run: (jobs: readonly J[]) => Promise<readonly Outcome[]>, options: LaneOptions) {
    this.#run = run;
    this.#options = options;
  }

  submit(job: J): Promise<unknown> {
    if (this.#closed || this.#queue.length >= this.#options.bound) {
      return Promise.reject(new Unavailable('the database'));
    }
    return new Promise((resolve, reject) => {
      const settle = (outcome: Outcome) => (outcome.ok ? resolve(outcome.value) : reject(outcome.error));
      this.#queue.push({ job, settle });
      this.#schedule();
    });
  }

  /** Waits until nothing is under way; nothing begins until the answered function is called. */
  async hold(): Promise<() => void> {
    this.#held++;
    if (this.#underWay > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    let holding = true;
    return () => {
      if (!holding) return;
      holding = false;
      this.#held--;
      this.#schedule();
    };
  }

  /** Takes no more jobs; answers when the last one is done. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#underWay > 0 || this.#queue.length > 0) {
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
  }

  /** Not at once: what else arrives in this turn of the event loop belongs into the batch. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      while (this.#held === 0 && this.#underWay < this.#options.width && this.#queue.length > 0) {
        void this.#start(this.#take());
      }
    });
  }

  #take(): Waiting<J>[] {
    if (this.#queue.length > this.#options.batch) return this.#queue.splice(0, this.#options.batch);
    const all = this.#queue;
    this.#queue = [];
    return all;
  }

  async #start(batch: readonly Waiting<J>[]): Promise<void> {
    this.#underWay++;
    const outcomes = await this.#outcomes(batch.map(({ job }) => job));
    this.#underWay--;
    for (const [index, { settle }] of batch.entries()) {
      settle(outcomes[index] ?? { ok: false, error: new Error('the batch has no outcome for this job') });
    }
    this.#schedule();
    if (this.#underWay > 0) return;
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }

  async #outcomes(jobs: readonly J[]): Promise<readonly Outcome[]> {
    try {
      return await this.#run(jobs);
    } catch (error) {
      return jobs.map(() => ({ ok: false, error }));
    }
  }
}
