import type { Ack } from '@blindpost/protocol/e2ee';
import type { ServiceError } from '../errors/service-error.js';
import { isAckAnswer } from './answers.js';
import type { Send } from './connection.js';
import type { ReceivedEnvelope } from './types.js';

type Acknowledged = Pick<ReceivedEnvelope, 'id' | 'sequence'>;

/** When a refusal does not tell how long to wait. */
const RETRY_DEFAULT_MS = 1000;

/**
 * Acknowledgements on their way, collected for a moment. Those that are lost with a connection are forgotten: the
 * server sends their envelopes again, and they are acknowledged then.
 */
export class Acks {
  readonly #failed: (error: ServiceError) => void;
  readonly #sent = new Map<string, Acknowledged[]>();
  #batch: Acknowledged[] = [];
  #write: Send | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #lastRef = 0;
  #whole = false;
  #byId = false;
  #settled: (() => void)[] = [];

  constructor(failed: (error: ServiceError) => void) {
    this.#failed = failed;
  }

  /** Acknowledgements per frame. */
  static readonly BATCH = 100;
  /** Milliseconds the first of a batch waits for others. */
  static readonly DELAY_MS = 50;

  open(write: Send): void {
    this.#write = write;
  }

  /** The server has shown everything that waits: now a sequence stands for all before it. */
  caughtUp(): void {
    this.#whole = true;
  }

  /** The server counted anew: a number may stand for an envelope that nobody has seen. */
  neverByNumber(): void {
    this.#byId = true;
  }

  add({ id, sequence }: Acknowledged): void {
    if (this.#write === undefined) return;
    this.#batch.push({ id, sequence });
    if (this.#batch.length >= Acks.BATCH) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), Acks.DELAY_MS);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#write === undefined) return;
    while (this.#batch.length > 0) {
      const batch = this.#batch.splice(0, Acks.BATCH);
      this.#lastRef += 1;
      const ref = `ack${this.#lastRef}`;
      this.#sent.set(ref, batch);
      this.#write(JSON.stringify({ type: 'e2ee.ack', ref, data: this.#selection(batch) }));
    }
  }

  /** Takes an answer; false when it answers no acknowledgement. */
  answered(ref: unknown, data: unknown): boolean {
    if (typeof ref !== 'string' || !isAckAnswer(data) || !this.#sent.delete(ref)) return false;
    this.#tellSettled();
    return true;
  }

  /** Takes a refusal; false when it is of no acknowledgement. One for the moment is asked again later. */
  refused(ref: unknown, error: ServiceError): boolean {
    const batch = typeof ref === 'string' ? this.#sent.get(ref) : undefined;
    if (typeof ref !== 'string' || batch === undefined) return false;
    this.#sent.delete(ref);
    this.#failed(error);
    if (error.temporary) {
      this.#batch.unshift(...batch);
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => this.flush(), error.retryAfterMs ?? RETRY_DEFAULT_MS);
    }
    this.#tellSettled();
    return true;
  }

  /** Sends what is left; resolves when the server has taken it, or when the connection is gone. */
  async settle(): Promise<void> {
    this.flush();
    while (this.#sent.size > 0) await new Promise<void>((resolve) => this.#settled.push(resolve));
  }

  drop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#retry);
    this.#timer = undefined;
    this.#write = undefined;
    this.#whole = false;
    this.#batch = [];
    this.#sent.clear();
    this.#tellSettled();
  }

  /** The handler is given envelopes in order, so whatever lies before one that it is done with is done. */
  #selection(batch: Acknowledged[]): Ack {
    if (!this.#whole || this.#byId) return { ids: batch.map(({ id }) => id) };
    return { upTo: Math.max(...batch.map(({ sequence }) => sequence)) };
  }

  #tellSettled(): void {
    for (const resolve of this.#settled.splice(0)) resolve();
  }
}
