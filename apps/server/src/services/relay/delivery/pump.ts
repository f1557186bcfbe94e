import type { Owner, RelayStore, StoredMessage } from '../store/store.js';

/** Messages and bytes asked of the store at once. */
const BATCH = 64;
const BATCH_BYTES = 128 * 1024;

export type PumpTarget = {
  /** Whether the peer must first take what it was sent. */
  full(): boolean;
  deliver(message: StoredMessage): void;
  failed(error: unknown): void;
};

/**
 * Moves one mailbox to one socket, in order, by pulling: a hint only says that there may be something new.
 * What was sent stays in the store until it is acknowledged, so a dying socket loses nothing.
 */
export class Pump {
  readonly #store: RelayStore;
  readonly #owner: Owner;
  readonly #target: PumpTarget;
  #after = 0;
  #running = false;
  #again = false;
  #stopped = false;

  constructor(store: RelayStore, owner: Owner, target: PumpTarget) {
    this.#store = store;
    this.#owner = owner;
    this.#target = target;
  }

  /** Looks for new messages; hints that come while it looks are folded into one more look. */
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
      while (this.#again && !this.#stopped && !this.#target.full()) {
        this.#again = false;
        const { name, generation } = this.#owner;
        const batch = await this.#store.read(name, this.#after, BATCH, BATCH_BYTES, generation);
        if (this.#stopped) return;
        for (const message of batch) this.#target.deliver(message);
        const last = batch.at(-1);
        if (last === undefined) continue;
        this.#after = last.sequence;
        this.#again = true;
      }
    } finally {
      this.#running = false;
    }
  }
}
