import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Clock, Timer } from '../../../platform/clock.js';
import type { OutFrame } from '../frames/encode.js';
import type { Pacing } from './pacing.js';

/** Above this nothing more is read from the peer or from its mailbox until the peer has taken some. */
const HIGH_WATER = 256 * 1024;
/** Above this the peer is cut off: others' volatile frames and presence still arrive while it does not read. */
const LIMIT = 1024 * 1024;
/** A peer that takes nothing for so long, with bytes waiting, is cut off. */
const STALL_MS = 10_000;

export const CLOSE = {
  shutdown: 1001,
  policy: 1008,
  slowReader: 1013,
} as const;

/** Everything a socket is sent, in order, at the times its traffic profile sets. */
export class Outbound {
  readonly #socket: WebSocket;
  readonly #wire: Duplex;
  readonly #clock: Clock;
  readonly #pacing: Pacing;
  readonly #onDrain: () => void;
  #queue: { frame: OutFrame; due: number }[] = [];
  #queued = 0;
  #timer: Timer | null = null;
  #stall: Timer | null = null;
  /** Flushes the kernel has taken; a stall is when this stands still. */
  #taken = 0;
  #closeWith: { code: number; reason: string } | null = null;

  /** @param onDrain called when the backlog has fallen below the high-water mark again */
  constructor(socket: WebSocket, wire: Duplex, clock: Clock, pacing: Pacing, onDrain: () => void) {
    this.#socket = socket;
    this.#wire = wire;
    this.#clock = clock;
    this.#pacing = pacing;
    this.#onDrain = onDrain;
  }

  /** Bytes accepted for the peer that it has not taken yet. */
  get backlog(): number {
    return this.#queued + this.#socket.bufferedAmount;
  }

  /** Whether to wait for `onDrain` before making more. */
  get full(): boolean {
    return this.backlog > HIGH_WATER;
  }

  push(frame: OutFrame): void {
    if (this.#closeWith !== null) return;
    if (this.backlog + frame.data.length > LIMIT) this.#cutOff();
    else this.#enqueue(frame);
  }

  /** Sends what is queued, then closes. Later pushes are dropped. */
  finish(code: number, reason: string, last?: OutFrame): void {
    if (this.#closeWith !== null) return;
    if (last !== undefined) this.#enqueue(last);
    this.#closeWith = { code, reason };
    if (this.#queue.length === 0) this.#close();
  }

  /** Frees the timers once the socket is gone. */
  dispose(): void {
    this.#timer?.cancel();
    this.#stall?.cancel();
    this.#timer = null;
    this.#stall = null;
    this.#queue = [];
    this.#queued = 0;
  }

  #enqueue(frame: OutFrame): void {
    this.#queue.push({ frame, due: this.#pacing.due(this.#clock.monotonic()) });
    this.#queued += frame.data.length;
    if (this.#timer === null) this.#schedule();
  }

  #schedule(): void {
    const head = this.#queue[0];
    if (head === undefined) return;
    this.#timer = this.#clock.after(Math.max(0, head.due - this.#clock.monotonic()), () => this.#flush());
  }

  #flush(): void {
    this.#timer = null;
    if (this.#socket.readyState !== this.#socket.OPEN) {
      this.dispose();
      return;
    }
    const now = this.#clock.monotonic();
    const later = this.#queue.findIndex(({ due }) => due > now);
    const ready = later === -1 ? this.#queue : this.#queue.slice(0, later);
    this.#queue = later === -1 ? [] : this.#queue.slice(later);
    // One system call for the whole flush.
    this.#wire.cork();
    ready.forEach(({ frame }, index) => {
      this.#queued -= frame.data.length;
      this.#socket.send(
        frame.data,
        { binary: frame.binary },
        index === ready.length - 1 ? this.#onTaken : undefined,
      );
    });
    this.#wire.uncork();
    if (this.#socket.bufferedAmount > 0) this.#watch();
    if (this.#queue.length > 0) this.#schedule();
    else if (this.#closeWith !== null) this.#close();
  }

  readonly #onTaken = (): void => {
    this.#taken += 1;
    if (!this.full) this.#onDrain();
  };

  #watch(): void {
    if (this.#stall !== null) return;
    const taken = this.#taken;
    this.#stall = this.#clock.after(STALL_MS, () => {
      this.#stall = null;
      if (this.#socket.bufferedAmount === 0) return;
      if (this.#taken === taken) this.#cutOff();
      else this.#watch();
    });
  }

  /** The close frame waits behind the backlog; a peer that does not come to read it is dropped a second later. */
  #cutOff(): void {
    this.#closeWith = { code: CLOSE.slowReader, reason: 'slow reader' };
    this.#close();
    this.dispose();
  }

  #close(): void {
    const { code, reason } = this.#closeWith ?? { code: CLOSE.policy, reason: '' };
    this.#socket.close(code, reason);
  }
}
