import type { WebSocket } from 'ws';
import type { Clock, Timer } from '../../../platform/clock.js';

const BEAT_MS = 30_000;

/** Pings a socket, because a peer that vanished without a word would hold its place until TCP gives up. */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #socket: WebSocket;
  #timer: Timer | null = null;
  #heard = true;

  constructor(clock: Clock, socket: WebSocket) {
    this.#clock = clock;
    this.#socket = socket;
    const hear = () => {
      this.#heard = true;
    };
    socket.on('pong', hear);
    socket.on('message', hear);
  }

  start(): void {
    this.#timer = this.#clock.after(BEAT_MS, () => {
      if (!this.#heard) return this.#socket.terminate();
      this.#heard = false;
      this.#socket.ping();
      return this.start();
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }
}
