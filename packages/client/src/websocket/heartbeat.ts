const TICK_MS = 15_000;
/** Silent ticks after which the server is asked, and after which it is given up. */
const ASK = 2;
const GIVE_UP = 4;

export interface HeartbeatListener {
  /** Nothing was heard for a while: send a frame that must be answered. */
  ask(): void;
  /** Nor was that answered. */
  silent(): void;
}

/**
 * Notices a connection that died without a word, as behind a NAT that forgot it or after a suspended laptop.
 * Without it a client that only receives would wait for ever.
 */
export class Heartbeat {
  readonly #listener: HeartbeatListener;
  #quiet = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(listener: HeartbeatListener) {
    this.#listener = listener;
  }

  start(): void {
    this.stop();
    this.#quiet = 0;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Something came in. */
  heard(): void {
    this.#quiet = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    this.#quiet += 1;
    if (this.#quiet === ASK) this.#listener.ask();
    else if (this.#quiet >= GIVE_UP) this.#listener.silent();
  }
}
