import { PACING_IDLE_MS, PACING_INTERVAL_MS } from '@blindpost/protocol/relay';

/**
 * Dummy traffic (architecture document 3.3): a frame each 500 ms until 5 s after the last real one, so that the
 * end of a conversation is not the end of its traffic.
 */
export class Pacing {
  readonly #send: () => void;
  /** Dummies left until the silence is long enough. */
  #left = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param send - sends one dummy, or leaves it when there is no connection */
  constructor(send: () => void) {
    this.#send = send;
  }

  /** A real frame went out or came in. */
  touch(): void {
    this.#left = PACING_IDLE_MS / PACING_INTERVAL_MS;
    this.#timer ??= this.#soon();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    this.#left -= 1;
    this.#timer = this.#left > 0 ? this.#soon() : undefined;
    this.#send();
  }

  #soon(): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#tick(), PACING_INTERVAL_MS);
  }
}
