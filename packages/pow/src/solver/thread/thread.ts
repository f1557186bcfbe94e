import type { Order, Report } from '../orders.js';

/** What the solver needs of a thread, the same in Node and browsers. */
export interface Thread {
  order(order: Order): void;
  /** Ends it at once, in the middle of whatever it computes; nothing is heard of it afterwards. */
  terminate(): void;
}

export interface ThreadListener {
  report(report: Report): void;
  /** It died by itself, or never came to life. Comes once, and last. */
  died(cause: unknown): void;
}

export type OpenThread = (listener: ThreadListener) => Thread;
