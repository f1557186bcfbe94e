import { Queue } from '../delivery/queue.js';
import { Seen } from '../delivery/seen.js';
import { Backoff } from '../retry/backoff.js';
import { sleep } from '../retry/sleep.js';
import { type E2eeError, localError } from './errors.js';
import type { ReceivedEnvelope } from './types.js';

/** Acknowledged when it resolves; when it throws or rejects, the envelope is given to it again. */
export type EnvelopeHandler = (envelope: ReceivedEnvelope) => void | Promise<void>;

export interface InboxOptions {
  /** Envelopes that may wait for the handler. */
  capacity: number;
  /** The handler is done with it: the server may forget it. */
  handled: (envelope: ReceivedEnvelope) => void;
  failed: (error: E2eeError) => void;
}

/** Bytes of ciphertext that may wait, so that large envelopes do not take the memory of small ones. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Handled ids remembered: those whose acknowledgement was lost come again. */
const REMEMBERED = 20_000;

/** Envelopes on their way to the handler, one after the other. Bounded; each is handed over once. */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #queue = new Queue<ReceivedEnvelope>();
  /** Ids in the queue or in the handler's hands. */
  readonly #waiting = new Set<string>();
  readonly #done = new Seen(REMEMBERED);
  readonly #stop = new AbortController();
  #bytes = 0;
  #arrived: (() => void) | undefined;
  #drained: (() => void)[] = [];
  #consumed = false;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** How many more it takes, as long as they are not large. */
  get free(): number {
    return this.#options.capacity - this.#waiting.size;
  }

  /** Whether the envelope waits for the handler or is in its hands. */
  waits({ id }: ReceivedEnvelope): boolean {
    return this.#waiting.has(id);
  }

  /** Whether the handler is done with it. */
  isDone({ id }: ReceivedEnvelope): boolean {
    return this.#done.has(id);
  }

  /** Takes an envelope that neither waits nor is done; false when there is no room. */
  take(envelope: ReceivedEnvelope): boolean {
    if (this.#waiting.size >= this.#options.capacity || this.#bytes >= MAX_BYTES) return false;
    this.#bytes += envelope.ciphertext.length;
    this.#waiting.add(envelope.id);
    this.#queue.push(envelope);
    this.#arrived?.();
    return true;
  }

  /** Resolves when half of the room is free, so that what waits elsewhere is fetched by the page. */
  async room(): Promise<void> {
    while (!this.#stop.signal.aborted && !this.#isRoomy()) {
      await new Promise<void>((resolve) => this.#drained.push(resolve));
    }
  }

  /** @throws TypeError when there is a handler already: two would each see half of the envelopes */
  consume(handler: EnvelopeHandler): void {
    if (this.#consumed) throw new TypeError('the envelopes of this client already have a handler');
    this.#consumed = true;
    void this.#run(handler);
  }

  /** Hands nothing over any more. What was not handled is not acknowledged, so it comes again to the next client. */
  close(): void {
    this.#stop.abort();
    this.#arrived?.();
    this.#tellDrained();
  }

  async #run(handler: EnvelopeHandler): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const envelope = this.#queue.shift();
      if (envelope === undefined) {
        await new Promise<void>((resolve) => {
          this.#arrived = resolve;
        });
      } else if (await this.#handle(envelope, handler)) {
        this.#bytes -= envelope.ciphertext.length;
        this.#waiting.delete(envelope.id);
        this.#done.add(envelope.id);
        this.#options.handled(envelope);
        if (this.#isRoomy()) this.#tellDrained();
      }
    }
  }

  /** Gives it to the handler until that is content; false when the client ended first. */
  async #handle(envelope: ReceivedEnvelope, handler: EnvelopeHandler): Promise<boolean> {
    const { signal } = this.#stop;
    const backoff = new Backoff();
    while (!signal.aborted) {
      try {
        await handler(envelope);
        return true;
      } catch (cause) {
        this.#options.failed(localError('handler_failed', { sequence: envelope.sequence }, cause));
        await sleep(backoff.next(), signal);
      }
    }
    return false;
  }

  #isRoomy(): boolean {
    return this.#waiting.size * 2 <= this.#options.capacity && this.#bytes * 2 <= MAX_BYTES;
  }

  #tellDrained(): void {
    for (const resolve of this.#drained.splice(0)) resolve();
  }
}
