import { Queue } from '../delivery/queue.js';
import type { ServiceError } from '../errors/service-error.js';
import type { Send } from './connection.js';
import { localError } from './errors.js';
import type { Envelope } from './types.js';

export interface OutboxOptions {
  /** Envelopes kept until they are answered. */
  capacity: number;
  /** Envelopes sent and not answered yet. */
  inFlight: number;
}

/** Characters sent and not answered yet, whatever their number. */
const MAX_IN_FLIGHT_CHARS = 4 * 1024 * 1024;
const RETRY_LATER: ReadonlySet<string> = new Set(['rate_limit_exceeded', 'unavailable']);
const RETRY_DEFAULT_MS = 1000;

/** One envelope on its way. A class, because there are thousands a second and each closure costs. */
class Entry {
  sent = false;
  /** Takes the abort listener off again. */
  release: (() => void) | undefined;

  constructor(
    readonly ref: number,
    readonly frame: string,
    readonly resolve: (envelope: Envelope) => void,
    readonly reject: (error: unknown) => void,
  ) {}
}

/**
 * Every envelope until it is answered. A dropped connection sends the unanswered again, as they were and in their
 * order, so that each is stored once and none overtakes another. One refused for the moment stops the line for
 * the told time and goes first then; what was on its way behind it may have arrived before it.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  /** The unanswered in their order. */
  readonly #entries = new Map<number, Entry>();
  /** Those to be sent on this connection; answered ones among them are passed over. */
  readonly #waiting = new Queue<Entry>();
  #flying = 0;
  #flyingChars = 0;
  #write: Send | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastRef = 0;
  #closed: ServiceError | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Keeps the envelope, as the wire has it, until its answer. Rejects with an error or the signal's reason. */
  add(data: unknown, signal?: AbortSignal): Promise<Envelope> {
    const { capacity } = this.#options;
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#entries.size >= capacity) return Promise.reject(localError('outbox_full', { capacity }));
    return new Promise((resolve, reject) => {
      this.#lastRef += 1;
      const ref = this.#lastRef;
      const entry = new Entry(ref, JSON.stringify({ type: 'e2ee.send', ref, data }), resolve, reject);
      if (signal !== undefined) this.#abortable(entry, signal);
      this.#entries.set(ref, entry);
      this.#waiting.push(entry);
      this.#pump();
    });
  }

  open(write: Send): void {
    this.#write = write;
    this.#pump();
  }

  drop(): void {
    this.#write = undefined;
    for (const entry of this.#entries.values()) this.#land(entry);
    this.#lineUp();
  }

  /** Takes an answer; false when no envelope of this client ever had that reference. */
  answered(ref: unknown, envelope: Envelope): boolean {
    return this.#settle(ref, (entry) => entry.resolve(envelope));
  }

  /** As {@link answered}, of an answer that cannot be believed. */
  failed(ref: unknown, error: ServiceError): boolean {
    return this.#settle(ref, (entry) => entry.reject(error));
  }

  /** Takes a refusal; false when no envelope of this client ever had that reference. */
  refused(ref: unknown, error: ServiceError): boolean {
    if (!RETRY_LATER.has(error.code)) return this.failed(ref, error);
    if (!this.#isOurs(ref)) return false;
    const entry = this.#entries.get(ref);
    if (entry !== undefined) this.#land(entry);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#lineUp();
      this.#pump();
    }, error.retryAfterMs ?? RETRY_DEFAULT_MS);
    return true;
  }

  /** Rejects everything unanswered with `error`, and every later envelope too. */
  close(error: ServiceError): void {
    this.#closed = error;
    this.#write = undefined;
    clearTimeout(this.#timer);
    for (const ref of [...this.#entries.keys()]) this.failed(ref, error);
  }

  #isOurs(ref: unknown): ref is number {
    return typeof ref === 'number' && Number.isInteger(ref) && ref >= 1 && ref <= this.#lastRef;
  }

  #settle(ref: unknown, how: (entry: Entry) => void): boolean {
    if (!this.#isOurs(ref)) return false;
    const entry = this.#entries.get(ref);
    if (entry === undefined) return true;
    this.#entries.delete(ref);
    this.#land(entry);
    entry.release?.();
    how(entry);
    this.#pump();
    return true;
  }

  /** What already went out may still arrive. */
  #abortable(entry: Entry, signal: AbortSignal): void {
    const abort = () => this.#settle(entry.ref, () => entry.reject(signal.reason));
    signal.addEventListener('abort', abort, { once: true });
    entry.release = () => signal.removeEventListener('abort', abort);
  }

  /** Sends from the front of the line while there is a connection, no pause, and room on the way. */
  #pump(): void {
    while (this.#write !== undefined && this.#timer === undefined) {
      const entry = this.#waiting.peek();
      if (entry === undefined) return;
      const due = this.#entries.has(entry.ref) && !entry.sent;
      if (due && !this.#fits(entry)) return;
      this.#waiting.shift();
      if (!due) continue;
      entry.sent = true;
      this.#flying += 1;
      this.#flyingChars += entry.frame.length;
      this.#write(entry.frame);
    }
  }

  #fits({ frame }: Entry): boolean {
    if (this.#flying === 0) return true;
    return this.#flying < this.#options.inFlight && this.#flyingChars + frame.length <= MAX_IN_FLIGHT_CHARS;
  }

  /** No longer on its way. */
  #land(entry: Entry): void {
    if (!entry.sent) return;
    entry.sent = false;
    this.#flying -= 1;
    this.#flyingChars -= entry.frame.length;
  }

  /** What is to be sent, in the original order. */
  #lineUp(): void {
    this.#waiting.replace([...this.#entries.values()].filter(({ sent }) => !sent));
  }
}
