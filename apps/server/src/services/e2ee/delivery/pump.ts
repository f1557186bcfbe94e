import type { Page } from '../store/pending.js';

/** Envelopes and bytes asked of the store at once. */
const TAKE = 100;
const PAGE_BYTES = 1024 * 1024;

export type PumpTarget = {
  /** What waits after a sequence. */
  read(after: number, take: number, bytes: number): Promise<Page>;
  /** Sends a page; resolves when the socket has taken its bytes. */
  deliver(page: Page): Promise<void>;
  /** Everything there was has been sent; once. */
  caughtUp(): void;
  failed(error: unknown): void;
};

/**
 * Moves a queue to one socket, in order, by pulling: a hint only says that there may be something new. The next page
 * is read when the socket has taken the last one, so that a slow reader fills nothing but its own queue.
 */
export class Pump {
  readonly #target: PumpTarget;
  #after = 0;
  #running = false;
  #again = false;
  #stopped = false;
  #caughtUp = false;

  constructor(target: PumpTarget) {
    this.#target = target;
  }

  /** Looks for what is new; hints that come while it looks are folded into one more look. */
  wake(): void {
    this.#again = true;
    if (!this.#running) this.#run().catch((error: unknown) => this.#target.failed(error));
  }

  stop(): void {
    this.#stopped = true;
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      while (this.#again && !this.#stopped) {
        this.#again = false;
        await this.#drain();
      }
    } finally {
      this.#running = false;
    }
  }

  async #drain(): Promise<void> {
    for (let more = true; more && !this.#stopped; ) {
      const page = await this.#target.read(this.#after, TAKE, PAGE_BYTES);
      const last = page.rows.at(-1);
      if (this.#stopped) return;
      if (last !== undefined) {
        await this.#target.deliver(page);
        this.#after = last.sequence;
      }
      more = page.more;
    }
    if (this.#caughtUp || this.#stopped) return;
    this.#caughtUp = true;
    this.#target.caughtUp();
  }
}
