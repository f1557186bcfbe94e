import type { E2eeFrameOut } from '@blindpost/protocol/e2ee';
import type { WebSocket } from 'ws';
import type { Clock, Timer } from '../../../platform/clock.js';
import { toSnake } from '../wire/case.js';

/** Bytes that lie unsent; beyond, the socket is not read, and far beyond it is closed. */
const HIGH_WATER = 1024 * 1024;
const BUFFER_BOUND = 8 * HIGH_WATER;
/** A peer that takes nothing of a page for so many looks does not read; one that is only slow goes on. */
const STALLED_LOOKS = 8;
const LOOK_MS = 1_000;

/** What leaves by one socket: in the peer's spelling, and never more than the peer takes. */
export class Outbound {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #snake: boolean;
  readonly #drained: () => void;

  /** @param drained called whenever the socket has taken something */
  constructor(socket: WebSocket, clock: Clock, options: { snake: boolean; drained(): void }) {
    this.#socket = socket;
    this.#clock = clock;
    this.#snake = options.snake;
    this.#drained = options.drained;
  }

  /** Whether the peer must first take what it was sent. */
  get full(): boolean {
    return this.#socket.bufferedAmount > HIGH_WATER;
  }

  /** Sends one frame; false when far too much lies unsent already. */
  send(frame: E2eeFrameOut): boolean {
    if (this.#socket.bufferedAmount > BUFFER_BOUND) return false;
    this.#write(frame, this.#drained);
    return true;
  }

  /** Sends frames and waits until the socket has taken them; false when it is gone, or the peer does not read. */
  sendAll(frames: readonly E2eeFrameOut[]): Promise<boolean> {
    return new Promise((resolve) => {
      const unwatch = this.#watch(() => resolve(false));
      for (const [index, frame] of frames.entries()) {
        this.#write(frame, (error) => {
          if (index < frames.length - 1) return;
          unwatch();
          this.#drained();
          resolve(error === undefined || error === null);
        });
      }
    });
  }

  #write(frame: E2eeFrameOut, done: (error?: Error | null) => void): void {
    this.#socket.send(JSON.stringify(this.#snake ? toSnake(frame) : frame), done);
  }

  /** Calls back when the peer takes nothing of what lies unsent for a while; answers what ends the watch. */
  #watch(stalled: () => void): () => void {
    let [left, looks] = [Number.POSITIVE_INFINITY, 0];
    let timer: Timer;
    const look = () => {
      const buffered = this.#socket.bufferedAmount;
      looks = buffered < left ? 0 : looks + 1;
      left = buffered;
      if (looks < STALLED_LOOKS) timer = this.#clock.after(LOOK_MS, look);
      else stalled();
    };
    timer = this.#clock.after(LOOK_MS, look);
    return () => timer.cancel();
  }
}
