import { nextTask } from '../event-loop/next-task.js';
import type { Order, Report, SearchOrder, SearchReport } from './orders.js';
import type { OpenThread, Thread } from './thread/thread.js';

/** How long a thread may take to confirm that it has halted, in milliseconds. */
const GRACE_MS = 50;

export interface SeatListener {
  report(report: SearchReport, seat: Seat): void;
  /** The thread died; another one takes its place if there still is work after this call. */
  crashed(cause: unknown): void;
}

/**
 * The place of one thread. Opens it when there is work; ends it when it does not halt in time (one step may take
 * minutes) and opens another when work goes on: proof of work is memoryless, so that nothing is lost.
 */
export class Seat {
  readonly #open: OpenThread;
  readonly #listener: SeatListener;
  #thread: Thread | undefined;
  #search: SearchOrder | undefined;
  #paused = false;
  /** Whether the thread has been given the present search. */
  #begun = false;
  /** Whether the thread has come to life: one that is still being loaded is slow, but not deaf. */
  #ready = false;
  #halts = 0;
  /** Whether the thread owes an answer to the last order to halt. */
  #halting = false;
  #guard: ReturnType<typeof setTimeout> | undefined;

  constructor(open: OpenThread, listener: SeatListener) {
    this.#open = open;
    this.#listener = listener;
  }

  search(order: SearchOrder): void {
    this.#search = order;
    this.#begun = false;
    if (!this.#paused) this.#begin();
  }

  stop(): void {
    this.#search = undefined;
    if (this.#begun) this.#halt('stop');
    this.#begun = false;
  }

  pause(): void {
    this.#paused = true;
    if (this.#begun) this.#halt('pause');
  }

  resume(): void {
    this.#paused = false;
    if (this.#begun) this.#thread?.order({ type: 'resume' });
    else this.#begin();
  }

  throttle(percent: number): void {
    if (this.#search !== undefined) this.#search = { ...this.#search, throttle: percent };
    this.#thread?.order({ type: 'throttle', percent });
  }

  close(): void {
    this.#search = undefined;
    this.#drop();
  }

  #begin(): void {
    if (this.#search === undefined) return;
    this.#begun = true;
    try {
      this.#thread ??= this.#openThread();
    } catch (cause) {
      // Told later: whoever began this search is still beginning it on other seats.
      queueMicrotask(() => this.#crashed(cause));
      return;
    }
    this.#thread.order(this.#search);
  }

  #openThread(): Thread {
    return this.#open({
      report: (report) => this.#hear(report),
      died: (cause) => this.#crashed(cause),
    });
  }

  #hear(report: Report): void {
    if (report.type === 'ready') {
      this.#ready = true;
      if (this.#halting) this.#watch();
    } else if (report.type === 'halted') {
      if (report.id !== this.#halts) return;
      this.#halting = false;
      clearTimeout(this.#guard);
    } else {
      this.#listener.report(report, this);
    }
  }

  #halt(type: Extract<Order, { id: number }>['type']): void {
    this.#halts += 1;
    this.#halting = true;
    // The guard stands before: a search on this thread confirms within the call.
    if (this.#ready) this.#watch();
    this.#thread?.order({ type, id: this.#halts });
  }

  /** Ends the thread if it does not halt in time. */
  #watch(): void {
    const halt = this.#halts;
    clearTimeout(this.#guard);
    this.#guard = setTimeout(async () => {
      // Where this thread was late itself, the answer may have been waiting longer than the timer.
      await nextTask();
      if (!this.#halting || halt !== this.#halts) return;
      this.#drop();
      if (!this.#paused) this.#begin();
    }, GRACE_MS);
  }

  #crashed(cause: unknown): void {
    this.#drop();
    this.#listener.crashed(cause);
    if (!this.#paused) this.#begin();
  }

  #drop(): void {
    clearTimeout(this.#guard);
    this.#thread?.terminate();
    this.#thread = undefined;
    this.#ready = false;
    this.#halting = false;
    this.#begun = false;
  }
}
