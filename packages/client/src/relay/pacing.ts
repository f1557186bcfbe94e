import { PACING_IDLE_MS, PACING_INTERVAL_MS } from '@blindpost/protocol/relay';

/**
 * Dummy traffic (architecture document 3.3): a frame each 500 ms until 5 s after the last real one, so that the
 * end of a conversation is not the end of its traffic.
 */
export class Pacing {
  readonly #send: () => void;
  #last = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param send - sends one dummy, or leaves it when there is no connection */
  constructor(send: () => void) {
    this.#send = send;
  }

  /** A real frame went out or came in. */
  touch(): void {
    this.#last = performance.now();
    this.#timer ??= setInterval(() => this.#tick(), PACING_INTERVAL_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    if (performance.now() - this.#last > PACING_IDLE_MS) this.stop();
    else this.#send();
  }
}
