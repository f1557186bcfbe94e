import type { Clock, Timer } from '../../../platform/clock.js';
import { Unavailable } from '../../../platform/unavailable.js';
import type { RelayStore } from '../store/store.js';

const RETRY_MS = 1_000;
/** Two full mailboxes; beyond, the client is told and may send its acks again. */
const OWED = 1_000;

/**
 * Acknowledgements that the store could not take because it was away. A client sends each once, so a lost
 * one would hold its message's place until the next login, and enough of them would fill the mailbox.
 */
export class OwedAcks {
  readonly #store: RelayStore;
  readonly #clock: Clock;
  readonly #name: string;
  #ids: string[] = [];
  #timer: Timer | null = null;

  constructor(store: RelayStore, clock: Clock, name: string) {
    this.#store = store;
    this.#clock = clock;
    this.#name = name;
  }

  /** Acknowledges now or, while the store is away, as soon as it is back. Answers how many were freed or are owed. */
  async acknowledge(ids: readonly string[]): Promise<number> {
    try {
      return await this.#store.ack(this.#name, ids);
    } catch (error) {
      if (!(error instanceof Unavailable) || this.#ids.length + ids.length > OWED) throw error;
      this.#ids.push(...ids);
      this.#schedule();
      return ids.length;
    }
  }

  /** The socket is gone: what is owed comes again at the next login. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#ids = [];
  }

  #schedule(): void {
    this.#timer ??= this.#clock.after(RETRY_MS, () => {
      this.#timer = null;
      const ids = this.#ids;
      this.#ids = [];
      this.acknowledge(ids).catch(() => undefined);
    });
  }
}
