import { PoolError } from './errors.js';
import type { PoolHttp } from './http.js';

/** How often the pool is asked whether the round is still the miner's, while no socket tells. */
const LOOK_MS = 15_000;
/** With a socket every fourth look is enough: it does not tell of a round that expired unsolved. */
const CONNECTED_TURNS = 4;
/** Rounds that ended while the challenge which names them was on its way. */
const REMEMBERED = 32;

export interface WatchOptions {
  /** Ends the questions on their way. */
  signal: AbortSignal;
  connected(): boolean;
  failed(error: PoolError): void;
}

/** Learns that a round is over, by news or by asking, and ends the search for it. */
export class RoundWatch {
  readonly #http: PoolHttp;
  readonly #options: WatchOptions;
  readonly #past = new Set<string>();
  #round: { id: string; over: AbortController } | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #turns = 0;
  /** Until then the server wants no questions. */
  #quietUntil = 0;

  constructor(http: PoolHttp, options: WatchOptions) {
    this.#http = http;
    this.#options = options;
  }

  /** Looks now and then, until `close`. */
  start(): void {
    this.#timer = setInterval(() => {
      this.#turns += 1;
      if (!this.#options.connected() || this.#turns % CONNECTED_TURNS === 0) void this.look();
    }, LOOK_MS);
  }

  /** Watches this round; the signal aborts when it is over. */
  begin(id: string): AbortSignal {
    const over = new AbortController();
    this.#round = { id, over };
    // Deleted, so that a pool which still hands the round out is believed the next time.
    if (this.#past.delete(id)) over.abort();
    return over.signal;
  }

  end(): void {
    this.#round = undefined;
  }

  solved(id: string): void {
    if (this.#round?.id === id) {
      this.#round.over.abort();
      return;
    }
    this.#past.add(id);
    const [oldest] = this.#past;
    if (this.#past.size > REMEMBERED && oldest !== undefined) this.#past.delete(oldest);
  }

  /** Asks the pool which round it is. */
  async look(): Promise<void> {
    const round = this.#round;
    if (round === undefined || performance.now() < this.#quietUntil) return;
    try {
      const { round_id } = await this.#http.challenge(this.#options.signal);
      if (round_id !== round.id) round.over.abort();
    } catch (error) {
      if (!(error instanceof PoolError)) return;
      this.#quietUntil = performance.now() + (error.retryAfterMs ?? 0);
      this.#options.failed(error);
    }
  }

  /** Ends the watch and the search that it watches. */
  close(): void {
    clearInterval(this.#timer);
    this.#round?.over.abort();
  }
}
