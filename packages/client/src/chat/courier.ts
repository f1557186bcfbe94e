import { ServiceError } from '../errors/service-error.js';
import { Backoff } from '../retry/backoff.js';
import { sleep } from '../retry/sleep.js';

/** How one letter went: undefined when the server has it, else why it never will. */
export interface Outcome {
  readonly number: number;
  readonly error: ServiceError | undefined;
}

export interface CourierOptions {
  /** Resolves when the server has the letter of that number, or when there is none any more. */
  transmit(number: number): Promise<void>;
  /** Writes down how letters went, before the next ones of the same peer are sent. */
  settled(outcomes: readonly Outcome[]): Promise<void>;
  /** Told of failures that are tried again. */
  failed(error: unknown): void;
}

/** Letters of one peer on their way at once. */
const WINDOW = 16;
const WAIT = { baseMs: 250, capMs: 60_000 };
/** Refusals for as long as the recipient does not empty its queue, or the own client is busy. */
const FULL: ReadonlySet<string> = new Set(['ERR_QUEUE_FULL', 'queue_full', 'outbox_full']);
/** The client has ended; what is in the store goes with the next one. */
const ENDED: ReadonlySet<string> = new Set(['closed', 'replaced', 'burned']);

/**
 * Brings what is in the outbox to the server, in order for each peer, until it is there: a peer whose queue is full
 * holds nobody else up.
 */
export class Courier {
  readonly #options: CourierOptions;
  /** Numbers in order, by the name of the peer; a lane that is there is under way. */
  readonly #lanes = new Map<string, number[]>();
  readonly #stop = new AbortController();
  #idle: (() => void)[] = [];
  /** How often the server has forgotten what it was given. */
  #epoch = 0;

  constructor(options: CourierOptions) {
    this.#options = options;
  }

  add(peer: string, number: number): void {
    const lane = this.#lanes.get(peer);
    if (lane !== undefined) {
      lane.push(number);
      return;
    }
    const begun = [number];
    this.#lanes.set(peer, begun);
    void this.#run(peer, begun);
  }

  /** The server forgot what it was given: what is not written down as sent yet goes again. */
  forgotten(): void {
    this.#epoch += 1;
  }

  /** Resolves when nothing is left to send, or when the courier has stopped. */
  async idle(): Promise<void> {
    while (this.#lanes.size > 0 && !this.#stop.signal.aborted) {
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
  }

  stop(): void {
    this.#stop.abort();
    this.#tellIdle();
  }

  async #run(peer: string, lane: number[]): Promise<void> {
    const { signal } = this.#stop;
    const backoff = new Backoff(WAIT);
    // Whoever adds the first of many adds the others in the same turn.
    await sleep(0);
    while (lane.length > 0 && !signal.aborted) {
      const wait = await this.#round(lane).catch((error: unknown) => {
        this.#options.failed(error);
        return 0;
      });
      if (wait === undefined) backoff.reset();
      else await sleep(backoff.next(wait), signal);
    }
    this.#lanes.delete(peer);
    if (this.#lanes.size === 0) this.#tellIdle();
  }

  /** Sends the first of a lane; answers undefined when all went, else how long to wait at least. */
  async #round(lane: number[]): Promise<number | undefined> {
    const { transmit, settled, failed } = this.#options;
    const numbers = lane.slice(0, WINDOW);
    const results = await Promise.allSettled(
      numbers.map(async (number) => {
        await transmit(number);
        return this.#epoch;
      }),
    );
    if (this.#stop.signal.aborted) return undefined;
    let wait: number | undefined;
    const outcomes: Outcome[] = [];
    for (const [n, number] of numbers.entries()) {
      const result = results[n];
      const error: unknown = result?.status === 'rejected' ? result.reason : undefined;
      if (result?.status === 'fulfilled' && result.value !== this.#epoch) {
        wait ??= 0;
      } else if (error === undefined) {
        outcomes.push({ number, error: undefined });
      } else if (error instanceof ServiceError && !isForNow(error)) {
        outcomes.push({ number, error });
      } else {
        wait = Math.max(wait ?? 0, error instanceof ServiceError ? (error.retryAfterMs ?? 0) : 0);
        failed(error);
      }
    }
    await settled(outcomes);
    const done = new Set(outcomes.map(({ number }) => number));
    lane.splice(0, numbers.length, ...numbers.filter((number) => !done.has(number)));
    return wait;
  }

  #tellIdle(): void {
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}

function isForNow({ code, temporary }: ServiceError): boolean {
  return temporary || FULL.has(code) || ENDED.has(code);
}
