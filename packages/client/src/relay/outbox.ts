import type { DeliveryState, TargetResult } from '@blindpost/protocol/relay';
import { Queue } from '../delivery/queue.js';
import type { Send } from './connection.js';
import { localError, type RelayError } from './errors.js';
import type { RateBucket } from './rate.js';

/** The frame that answers a frame of ours. Of these only `delivery_status` names what it answers. */
export type Expectation = 'delivery_status' | 'relay_success' | 'presence_ok' | 'alias_subscribed';

/** What a frame was answered with. */
export interface Answer {
  status?: DeliveryState;
  results?: TargetResult[];
}

export interface Outgoing {
  /** From {@link Outbox.nextId}; stands in every text frame, so that a refusal can name it. */
  id: number;
  frame: string | Uint8Array;
  expects: Expectation;
  /** Recipient of a binary frame, which its answer repeats. */
  target?: string;
  /** Frames it counts for at the relay's limit: a multicast costs one per target. Default 1. */
  cost?: number;
  /** Worth nothing later: rejects at once when there is no connection, and when it drops. */
  once?: boolean;
  /** Gives up waiting; what was already sent may still arrive. */
  signal?: AbortSignal | undefined;
}

export interface OutboxOptions {
  /** Frames kept until answered. */
  capacity: number;
  rate?: RateBucket | undefined;
  /** Refusals that answer no frame of ours. */
  failed: (error: RelayError) => void;
}

/** One frame on its way. A class, because there are thousands a second and each closure costs. */
class Entry {
  /** Went out on this connection; the answer is still to come. */
  sent = false;
  /** The caller has its outcome; an aborted frame may have it before the answer. */
  settled = false;
  /** Takes the abort listener off again. */
  release: (() => void) | undefined;

  constructor(
    readonly outgoing: Outgoing,
    readonly resolve: (answer: Answer) => void,
    readonly reject: (error: unknown) => void,
  ) {}

  settle(error: unknown, answer: Answer): void {
    if (this.settled) return;
    this.settled = true;
    this.release?.();
    if (error === undefined) this.resolve(answer);
    else this.reject(error);
  }
}

const RETRY_LATER: ReadonlySet<string> = new Set(['ERR_RATE_LIMIT', 'ERR_UNAVAILABLE']);
const RETRY_DEFAULT_MS = 1000;

/**
 * Every frame that wants an answer, until it has one. A dropped connection sends all unanswered frames again in
 * the original order, so a frame may arrive twice, but none is lost and none overtakes another. A frame refused
 * for now (rate, outage) stops the whole line for the told time and is then sent again in its place.
 */
export class Outbox {
  readonly #capacity: number;
  readonly #rate: RateBucket | undefined;
  readonly #failed: (error: RelayError) => void;
  /** Unsettled or unanswered frames in the original order. */
  readonly #entries = new Map<number, Entry>();
  /** Those to be sent on this connection. */
  readonly #waiting = new Queue<Entry>();
  /** In the order of sending, which is the order of answers: so one without a name finds its frame. */
  readonly #sent = new Queue<Entry>();
  #write: Send | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pausedUntil = 0;
  #lastId = 0;
  #closed: RelayError | undefined;

  constructor(options: OutboxOptions) {
    this.#capacity = options.capacity;
    this.#rate = options.rate;
    this.#failed = options.failed;
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Keeps the frame until its answer. Rejects with a {@link RelayError} or the signal's reason. */
  add(outgoing: Outgoing): Promise<Answer> {
    const { signal } = outgoing;
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (outgoing.once && this.#write === undefined) return Promise.reject(localError('disconnected'));
    if (Math.max(this.#entries.size, this.#sent.size) >= this.#capacity) {
      return Promise.reject(localError('outbox_full', { capacity: this.#capacity }));
    }
    return new Promise((resolve, reject) => {
      const entry = new Entry(outgoing, resolve, reject);
      if (signal !== undefined) this.#abortable(entry, signal);
      this.#entries.set(outgoing.id, entry);
      this.#waiting.push(entry);
      this.#pump();
    });
  }

  /** A connection is ready: what is kept goes out. */
  open(write: Send): void {
    this.#write = write;
    this.#pump();
  }

  /** The connection is gone: what has no answer goes out again on the next one. */
  drop(): void {
    this.#write = undefined;
    this.#sent.replace([]);
    for (const entry of this.#entries.values()) {
      entry.sent = false;
      if (entry.outgoing.once || entry.settled) this.#settle(entry, localError('disconnected'), {});
    }
    this.#lineUp();
  }

  /** An answer that names its frame, which may be settled already; false when we never sent such a frame. */
  answered(id: unknown, answer: Answer): boolean {
    if (typeof id !== 'number' || id > this.#lastId) return false;
    this.#settle(this.#named(id), undefined, answer);
    return true;
  }

  /** An answer without a name belongs to the oldest frame it fits; false when there is none. */
  answeredNext(kind: Expectation, answer: Answer, target?: string): boolean {
    const entry = this.#sent.find(
      ({ sent, outgoing }) => sent && outgoing.expects === kind && outgoing.target === target,
    );
    this.#settle(entry, undefined, answer);
    return entry !== undefined;
  }

  /** A refusal of the frame it names; one without a name is of the oldest unanswered frame. */
  refused(id: unknown, error: RelayError): void {
    const entry = id === undefined ? this.#oldest() : this.#named(id);
    if (!RETRY_LATER.has(error.code)) {
      if (entry === undefined) this.#failed(error);
      this.#settle(entry, error, {});
      return;
    }
    if (error.code === 'ERR_RATE_LIMIT') this.#rate?.drain();
    this.#pause(error.retryAfterMs ?? RETRY_DEFAULT_MS);
    if (entry === undefined) return;
    if (entry.outgoing.once || entry.settled) this.#settle(entry, error, {});
    else entry.sent = false;
    this.#oldest();
  }

  /** Rejects everything unanswered with `error`, and every later frame too. */
  close(error: RelayError): void {
    this.#closed = error;
    this.#write = undefined;
    clearTimeout(this.#timer);
    for (const entry of this.#entries.values()) this.#settle(entry, error, {});
  }

  #abortable(entry: Entry, signal: AbortSignal): void {
    const abort = () => {
      entry.settle(signal.reason, {});
      // One that went out stays, so that its answer is not taken for another's.
      if (entry.sent) return;
      this.#entries.delete(entry.outgoing.id);
      this.#lineUp();
    };
    signal.addEventListener('abort', abort, { once: true });
    entry.release = () => signal.removeEventListener('abort', abort);
  }

  #named(id: unknown): Entry | undefined {
    return typeof id === 'number' ? this.#entries.get(id) : undefined;
  }

  #settle(entry: Entry | undefined, error: RelayError | undefined, answer: Answer): void {
    if (entry === undefined) return;
    this.#entries.delete(entry.outgoing.id);
    entry.sent = false;
    entry.settle(error, answer);
    // Keeps the line of sent frames short, so that finding in it stays cheap.
    this.#oldest();
  }

  /** Sends from the front of the line while the connection, the pause and the rate allow. */
  #pump(): void {
    if (this.#write === undefined || this.#timer !== undefined) return;
    for (let entry = this.#waiting.peek(); entry !== undefined; entry = this.#waiting.peek()) {
      const due = !entry.settled && !entry.sent;
      const wait = due ? (this.#rate?.take(entry.outgoing.cost ?? 1) ?? 0) : 0;
      if (wait > 0) {
        this.#pause(wait);
        return;
      }
      this.#waiting.shift();
      if (!due) continue;
      entry.sent = true;
      this.#sent.push(entry);
      this.#write(entry.outgoing.frame);
    }
  }

  /** The oldest sent frame that has no answer yet. */
  #oldest(): Entry | undefined {
    let entry = this.#sent.peek();
    for (; entry?.sent === false; entry = this.#sent.peek()) this.#sent.shift();
    return entry;
  }

  #pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, performance.now() + ms);
    if (this.#timer === undefined && this.#closed === undefined) this.#sleep(ms);
  }

  #sleep(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const left = this.#pausedUntil - performance.now();
      if (left > 0) {
        this.#sleep(left);
        return;
      }
      this.#lineUp();
      this.#pump();
    }, ms);
  }

  /** Refused frames go back to their place among those never sent. */
  #lineUp(): void {
    this.#waiting.replace([...this.#entries.values()].filter(({ sent, settled }) => !sent && !settled));
  }
}
