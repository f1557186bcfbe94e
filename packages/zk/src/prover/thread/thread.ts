import type { Order, Report } from '../orders.js';

/** What the prover needs of a worker, the same in Node and browsers. */
export interface Thread {
  order(order: Order): void;
  /** Ends it at once, with the workers it has started; nothing is heard of it afterwards. */
  terminate(): void;
}

export interface ThreadListener {
  report(report: Report): void;
  /** It died by itself, or never came to life. Comes once, and last. */
  died(cause: unknown): void;
}

export type OpenThread = (listener: ThreadListener) => Thread;
