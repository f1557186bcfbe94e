import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.js';
import type { Answer, Question, Told } from './question.js';

/** A thread that has not come to the job's code by then will not: its module hangs. */
const START_MS = 30_000;

/** What came of one try of a job, and the milliseconds that the job's own code took. */
export type Tried = { readonly ms: number } & (
  | Answer
  /** The thread died under it. */
  | { readonly kind: 'died'; readonly cause: unknown }
  /** It took longer than a job may; its thread has been ended. */
  | { readonly kind: 'late' }
);

/** A place for one thread, which is started when there is work and replaced when it ends, by itself or by us. */
export class Seat {
  readonly #clock: Clock;
  readonly #limitMs: number;
  #worker: Worker | null = null;

  /** @param limitMs time a job has, without the start of its thread */
  constructor(clock: Clock, limitMs: number) {
    this.#clock = clock;
    this.#limitMs = limitMs;
  }

  /**
   * Runs one job. When it answers, no thread is left that died, was late or retired. Only one at a time.
   * @throws DataCloneError when the input cannot cross to the thread
   */
  async try(question: Question): Promise<Tried> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const tried = await this.#ask(worker, question);
    if (tried.kind === 'answer' && !tried.retire) return tried;
    await this.#end(worker);
    return tried;
  }

  /** Ends the thread, whatever it does. */
  async end(): Promise<void> {
    if (this.#worker !== null) await this.#end(this.#worker);
  }

  #ask(worker: Worker, question: Question): Promise<Tried> {
    return new Promise((resolve, reject) => {
      let cause: unknown;
      let began: number | null = null;
      const late = () => settle({ kind: 'late', ms: elapsed() });
      let timer = this.#clock.after(START_MS, late);
      const elapsed = () => (began === null ? 0 : this.#clock.monotonic() - began);
      const told = (message: Told) => {
        if (message.kind === 'answer') return settle({ ...message, ms: elapsed() });
        began = this.#clock.monotonic();
        timer.cancel();
        timer = this.#clock.after(this.#limitMs, late);
      };
      const failed = (error: unknown) => {
        cause = error;
      };
      const exited = () => settle({ kind: 'died', cause, ms: elapsed() });
      const forget = () => {
        timer.cancel();
        worker.off('message', told).off('error', failed).off('exit', exited);
      };
      const settle = (tried: Tried) => {
        forget();
        resolve(tried);
      };
      worker.on('message', told).on('error', failed).on('exit', exited);
      try {
        worker.postMessage(question);
      } catch (error) {
        forget();
        reject(error);
      }
    });
  }

  #start(): Worker {
    const worker = new Worker(new URL('./job.thread.js', import.meta.url));
    // It may also die between two jobs, of what the last one left behind.
    worker.on('error', () => {});
    worker.once('exit', () => this.#forget(worker));
    return worker;
  }

  async #end(worker: Worker): Promise<void> {
    await worker.terminate();
    this.#forget(worker);
  }

  #forget(worker: Worker): void {
    if (this.#worker === worker) this.#worker = null;
  }
}
