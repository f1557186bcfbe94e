import { MAX_RECEIPT_IDS } from './content.js';
import type { Ledger } from './ledger.js';
import type { ChatState } from './state.js';

export interface ReceiptsOptions {
  state: ChatState;
  ledger: Ledger;
  /** A receipt is in the outbox, under this number. */
  posted(peer: string, letter: number): void;
  failed(error: unknown): void;
}

/** Receipts wait for others. */
const WAIT_MS = 50;

/** What peers are to be told of their messages: many at once, and never in front of one's own messages. */
export class Receipts {
  readonly #options: ReceiptsOptions;
  /** Peers in whose records there is something to tell. */
  readonly #owed = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(options: ReceiptsOptions) {
    this.#options = options;
  }

  /** There is something in the record of this peer that a receipt is to tell. */
  owe(name: string): void {
    this.#owed.add(name);
    this.#schedule();
  }

  /** The outbox may take again those that found it full. */
  roomy(): void {
    if (this.#owed.size > 0) this.#schedule();
  }

  /** Puts into the outbox what is owed, as far as there is room. */
  async send(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const name of [...this.#owed]) {
      // Messages come first: a receipt waits until there is room.
      if (this.#options.ledger.room <= 0) return;
      this.#owed.delete(name);
      try {
        const letter = await this.#post(name);
        if (letter !== undefined) this.#options.posted(name, letter);
      } catch (error) {
        this.#owed.add(name);
        if (!this.#stopped) this.#options.failed(error);
      }
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #post(name: string): Promise<number | undefined> {
    const { state, ledger } = this.#options;
    return state.run(async (tx) => {
      const peer = await tx.peer(name);
      if (peer?.conversation == null || peer.received.length + peer.read.length === 0) return undefined;
      const received = peer.received.splice(0, MAX_RECEIPT_IDS);
      const read = peer.read.splice(0, MAX_RECEIPT_IDS);
      const letter = ledger.post(tx, peer, { kind: 'receipt', received, read });
      if (peer.received.length + peer.read.length > 0) this.owe(name);
      return letter;
    });
  }

  #schedule(): void {
    if (!this.#stopped) this.#timer ??= setTimeout(() => void this.send(), WAIT_MS);
  }
}
