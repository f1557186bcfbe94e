import { nextTask } from '../event-loop/next-task.js';
import { simdSupported } from '../kernel/simd.js';
import type { Engine } from '../tracks/index.js';
import { openTrack, verify } from '../tracks/index.js';
import { Doze } from './doze.js';
import type { Order, Report, SearchOrder } from './orders.js';

/** How long the event loop of a thread may wait for the search, in milliseconds, where one step is not longer. */
const SLICE_MS = 16;
const PROGRESS_MS = 250;

/**
 * What one thread of the solver does: takes orders, searches in slices, reports. Orders are taken between steps,
 * so that answering one is proof that nothing is computed; who waits too long for the answer ends the thread.
 */
export class Searcher {
  readonly #report: (report: Report) => void;
  readonly #doze = new Doze();
  #job: number | undefined;
  #paused = false;
  #throttle = 100;
  /** Searches one after the other: an engine that is being opened cannot be stopped. */
  #last: Promise<void> = Promise.resolve();
  /** Whether an engine is opened or a nonce verified: their parts run on after an order was taken. */
  #busy = false;
  #owed: number | undefined;

  constructor(report: (report: Report) => void) {
    this.#report = report;
  }

  take(order: Order): void {
    switch (order.type) {
      case 'search':
        this.#job = order.job;
        this.#paused = false;
        this.#throttle = order.throttle;
        this.#last = this.#last.then(() => this.#search(order));
        break;
      case 'pause':
        this.#paused = true;
        this.#halt(order.id);
        break;
      case 'stop':
        this.#job = undefined;
        this.#halt(order.id);
        break;
      case 'resume':
        this.#paused = false;
        break;
      case 'throttle':
        this.#throttle = order.percent;
        break;
    }
    this.#doze.wake();
  }

  #halt(id: number): void {
    if (this.#busy) this.#owed = id;
    else this.#report({ type: 'halted', id });
  }

  async #search({ job, track, params }: SearchOrder): Promise<void> {
    try {
      while (this.#job === job) {
        const engine = await this.#undisturbed(() =>
          openTrack(track, params, simdSupported() ? 'simd' : 'scalar'),
        );
        const found = await this.#walk(engine, job);
        if (found === undefined) return;
        // By another path than the one that found it: a wrong nonce would cost its sender a strike.
        const { code, digest } = await this.#undisturbed(() => verify(track, params, found.nonce));
        if (this.#job !== job) return;
        if (code === 1 && digest !== null) return this.#report({ type: 'found', job, digest, ...found });
        this.#report({ type: 'progress', job, tried: found.tried });
      }
    } catch (error) {
      this.#report({ type: 'failed', job, message: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Steps until a nonce wins; undefined when the search is over before. */
  async #walk(engine: Engine, job: number): Promise<{ nonce: string; tried: number } | undefined> {
    let told = 0;
    let toldAt = performance.now();
    for (;;) {
      while (this.#paused && this.#job === job) await this.#doze.sleep();
      if (this.#job !== job) return undefined;
      const began = performance.now();
      let now = began;
      let nonce: string | undefined;
      do {
        nonce = engine.step();
        now = performance.now();
      } while (nonce === undefined && now - began < SLICE_MS);
      if (nonce !== undefined) return { nonce, tried: engine.attempts - told };

      if (now - toldAt >= PROGRESS_MS) {
        this.#report({ type: 'progress', job, tried: engine.attempts - told });
        told = engine.attempts;
        toldAt = now;
      }
      if (this.#throttle < 100) await this.#doze.sleep((now - began) * (100 / this.#throttle - 1));
      else await nextTask();
    }
  }

  async #undisturbed<T>(work: () => Promise<T>): Promise<T> {
    this.#busy = true;
    try {
      return await work();
    } finally {
      this.#busy = false;
      if (this.#owed !== undefined) this.#report({ type: 'halted', id: this.#owed });
      this.#owed = undefined;
    }
  }
}
