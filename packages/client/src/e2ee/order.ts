import { ServiceError } from '../errors/service-error.js';
import { Backoff } from '../retry/backoff.js';
import { sleep } from '../retry/sleep.js';
import { ERRORS } from './errors.js';
import type { PendingOptions, PendingPage } from './http.js';
import type { Inbox } from './inbox.js';
import type { ReceivedEnvelope } from './types.js';

export interface OrderOptions {
  inbox: Inbox;
  /** What the store has: `GET /messages/pending`. */
  pending: (options: PendingOptions) => Promise<PendingPage>;
  /** It came again although the handler is done with it: its acknowledgement was lost. */
  again: (envelope: ReceivedEnvelope) => void;
  /** The server counts from an earlier number again, as one that was restored from a backup. */
  startedOver: () => void;
  failed: (error: ServiceError) => void;
}

/** Envelopes kept while the gap before them is closed. */
const MAX_HELD = 256;
const MAX_HELD_BYTES = 8 * 1024 * 1024;
const PAGE = 100;

/**
 * Brings what the server pushes into the order of its sequence, each envelope once. Sequences have no gap but
 * where envelopes expired or were acknowledged, so behind a gap the store is asked what there is. What finds no
 * room is dropped and fetched later: to stop reading the socket would also stop the answers to what is sent,
 * for which the handler may be waiting.
 */
export class Order {
  readonly #options: OrderOptions;
  readonly #held = new Map<number, ReceivedEnvelope>();
  readonly #stop = new AbortController();
  #heldBytes = 0;
  /** Whatever has this number or a lower one is in the inbox, or is gone. */
  #reached = 0;
  /** The highest number the server has shown. */
  #shown = 0;
  /** How often the server started over: a page of an earlier time says nothing. */
  #numbering = 0;
  #chasing = false;

  constructor(options: OrderOptions) {
    this.#options = options;
  }

  receive(envelope: ReceivedEnvelope): void {
    if (this.#isKnown(envelope)) return;
    const { sequence } = envelope;
    if (sequence <= this.#reached) this.#startOver(sequence);
    this.#shown = Math.max(this.#shown, sequence);
    this.#hold(envelope);
    this.#advance();
    this.#chase();
  }

  /** The connection is gone: the next one brings again what was held. */
  drop(): void {
    this.#held.clear();
    this.#heldBytes = 0;
  }

  close(): void {
    this.#stop.abort();
    this.drop();
  }

  #isKnown(envelope: ReceivedEnvelope): boolean {
    const { inbox, again } = this.#options;
    if (inbox.isDone(envelope)) again(envelope);
    else return inbox.waits(envelope);
    return true;
  }

  #startOver(sequence: number): void {
    this.drop();
    this.#reached = sequence - 1;
    this.#shown = sequence;
    this.#numbering += 1;
    this.#options.startedOver();
  }

  #hold(envelope: ReceivedEnvelope): void {
    const { sequence, ciphertext } = envelope;
    if (this.#held.has(sequence)) return;
    if (this.#held.size >= MAX_HELD || this.#heldBytes >= MAX_HELD_BYTES) return;
    this.#held.set(sequence, envelope);
    this.#heldBytes += ciphertext.length;
  }

  #release(sequence: number): void {
    this.#heldBytes -= this.#held.get(sequence)?.ciphertext.length ?? 0;
    this.#held.delete(sequence);
  }

  /** Hands over what follows without a gap, as far as there is room. */
  #advance(): void {
    for (;;) {
      const next = this.#held.get(this.#reached + 1);
      if (next === undefined || !this.#options.inbox.take(next)) return;
      this.#reached += 1;
      this.#release(this.#reached);
    }
  }

  /** Asks the store until everything that was shown is handed over. */
  #chase(): void {
    if (this.#chasing || this.#reached >= this.#shown) return;
    this.#chasing = true;
    void this.#catchUp();
  }

  async #catchUp(): Promise<void> {
    try {
      await this.#fetchAll(this.#stop.signal);
    } finally {
      this.#chasing = false;
    }
  }

  async #fetchAll(signal: AbortSignal): Promise<void> {
    const backoff = new Backoff();
    while (!signal.aborted && this.#reached < this.#shown) {
      await this.#options.inbox.room();
      this.#advance();
      if (signal.aborted || this.#reached >= this.#shown) return;
      try {
        await this.#fetch(signal);
        backoff.reset();
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ServiceError) this.#options.failed(error);
        await sleep(backoff.next(error instanceof ServiceError ? error.retryAfterMs : 0), signal);
      }
    }
  }

  /** One page from the store. */
  async #fetch(signal: AbortSignal): Promise<void> {
    const { inbox, pending } = this.#options;
    const [after, shown, numbering] = [this.#reached, this.#shown, this.#numbering];
    const take = Math.max(1, Math.min(PAGE, inbox.free));
    const { envelopes, hasMore } = await pending({ after, take, signal });
    if (numbering !== this.#numbering) return;
    // Else it would be asked for ever.
    if (hasMore && envelopes.length === 0) throw ERRORS.badAnswer();
    for (const envelope of envelopes) {
      if (!this.#isKnown(envelope) && envelope.sequence > this.#reached && !inbox.take(envelope)) return;
      this.#reached = Math.max(this.#reached, envelope.sequence);
    }
    // The store has no more: what had been shown by then and did not come is gone.
    if (!hasMore) this.#reached = Math.max(this.#reached, shown);
    for (const sequence of this.#held.keys()) if (sequence <= this.#reached) this.#release(sequence);
    this.#advance();
  }
}
