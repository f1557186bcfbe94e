import { Backoff } from '../retry/backoff.js';
import { sleep } from '../retry/sleep.js';
import { localError } from './errors.js';
import type { ChatMessage } from './message.js';
import { KEY, numberOf, readIncoming } from './records.js';
import type { ChatState } from './state.js';

export type MessageHandler = (message: ChatMessage) => void | Promise<void>;

/** Messages for the application that are held in memory; all others are in the store until their turn comes. */
const PAGE = 64;
/** When so many wait, what comes after them stays on the server. */
const CAPACITY = 10_000;

/**
 * What came and the application is not done with, in the order of coming: kept in the store until the handler
 * resolves, so that a crash hands it over again. One that the handler throws on is given to it again, with back-off.
 */
export class Inbox {
  readonly #state: ChatState;
  readonly #failed: (error: unknown) => void;
  readonly #stop = new AbortController();
  #consumed = false;
  #wake: (() => void) | undefined;
  #drained: (() => void)[] = [];

  constructor(state: ChatState, failed: (error: unknown) => void) {
    this.#state = state;
    this.#failed = failed;
  }

  /** Something new is in the store. */
  arrived(): void {
    this.#wake?.();
  }

  /** Resolves when there is room for one more, or when the inbox has stopped. */
  async room(): Promise<void> {
    while (this.#state.inboxSize >= CAPACITY && !this.#stop.signal.aborted) {
      await new Promise<void>((resolve) => this.#drained.push(resolve));
    }
  }

  /** @throws TypeError when there is a handler already: two would each see half of the messages */
  consume(handler: MessageHandler): void {
    if (this.#consumed) throw new TypeError('the messages of this chat already have a handler');
    this.#consumed = true;
    void this.#run(handler);
  }

  stop(): void {
    this.#stop.abort();
    this.#wake?.();
    this.#tellDrained();
  }

  async #run(handler: MessageHandler): Promise<void> {
    const { signal } = this.#stop;
    const backoff = new Backoff();
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      try {
        const page = await this.#state.store.list(KEY.inbox, { limit: PAGE });
        for (const [key, value] of page) {
          const { peer: _, address, ...message } = readIncoming(value);
          if (signal.aborted) return;
          await handler({ ...message, peer: address, from: address });
          await this.#done(numberOf(key));
          backoff.reset();
        }
        if (page.length === 0) await woken;
      } catch (cause) {
        if (signal.aborted) return;
        this.#failed(localError('handler_failed', {}, cause));
        await sleep(backoff.next(), signal);
      }
    }
  }

  async #done(n: number): Promise<void> {
    await this.#state.run(async (tx) => tx.drop(KEY.incoming(n)));
    this.#tellDrained();
  }

  #tellDrained(): void {
    for (const resolve of this.#drained.splice(0)) resolve();
  }
}
