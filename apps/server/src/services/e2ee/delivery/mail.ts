import type { Waker } from '../../../platform/bus/waker.js';
import { topicOf } from './topic.js';

/** Tells of new mail, once in a turn of the event loop for each account: a batch of 64 envelopes is one look. */
export class Mail {
  readonly #waker: Waker;
  #accounts = new Set<string>();

  constructor(waker: Waker) {
    this.#waker = waker;
  }

  came(accountId: string): void {
    const scheduled = this.#accounts.size > 0;
    this.#accounts.add(accountId);
    if (scheduled) return;
    setImmediate(() => {
      const accounts = this.#accounts;
      this.#accounts = new Set();
      for (const account of accounts) void this.#waker.wake(topicOf(account));
    });
  }
}
