import type { PoolFrameIn, PoolFrameOut, TrackName } from '@blindpost/protocol/pool';
import { openSocket } from '#websocket';
import { type Endpoint, endpoint } from '../http/endpoint.js';
import { parseRecord } from '../json/record.js';
import { Backoff } from '../retry/backoff.js';
import { sleep } from '../retry/sleep.js';
import { endingDetails } from '../websocket/ending.js';
import type { Ending, Socket } from '../websocket/socket.js';
import { isFrame } from './answers.js';
import { errorFromWire, localError, type PoolError } from './errors.js';
import { POOL_FOLDER, type PoolAccess } from './http.js';

/** `open` from the first secret on, `waiting` between two attempts; the last two are final. */
export type SocketState = 'idle' | 'connecting' | 'open' | 'waiting' | 'closed' | 'kicked';

type Frame<T extends PoolFrameOut['type']> = Extract<PoolFrameOut, { type: T }>;

/** Events of the socket, across all its connections. */
export interface PoolSocketListener {
  /** To be sent with every submit from now on. */
  secret?(frame: Frame<'secret'>): void;
  roundSolved?(frame: Frame<'round_solved'>): void;
  stats?(frame: Frame<'stats'>): void;
  state?(state: SocketState): void;
  /** An attempt failed, or a frame made no sense; the socket goes on trying. */
  failed?(error: PoolError): void;
}

/** Patience with a server that takes the socket and sends no secret. */
const LOGIN_TIMEOUT_MS = 15_000;
/** Stats come every ten seconds: a socket on which nothing came for so long is dead. */
const SILENCE_MS = 35_000;
/** A connection that lived so long was a good one: the next wait starts small again. */
const STABLE_MS = 1000;
const MAX_HPS = 1e15;

/**
 * The miner's socket: brings secrets and news of rounds, and comes back after every loss until `close`, or until
 * another socket of the same miner takes over: coming back would throw that one out.
 */
export class PoolSocket {
  readonly #endpoint: Endpoint;
  readonly #token: string;
  readonly #listener: PoolSocketListener;
  readonly #backoff = new Backoff();
  readonly #stop = new AbortController();
  #socket: Socket | undefined;
  #state: SocketState = 'idle';

  /** @throws TypeError when the address is not an http(s) URL */
  constructor({ url, token }: PoolAccess, listener: PoolSocketListener = {}) {
    this.#endpoint = endpoint(url, POOL_FOLDER);
    this.#token = token;
    this.#listener = listener;
  }

  get state(): SocketState {
    return this.#state;
  }

  /** Connects and stays connected; resolves when that is over. A second call does nothing. */
  async open(): Promise<void> {
    if (this.#state !== 'idle') return;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      this.#enter('connecting');
      const { ending, openMs, kicked, error } = await this.#session();
      if (kicked) return this.#enter('kicked');
      if (signal.aborted) break;
      if (openMs === undefined) this.#listener.failed?.(error ?? refusal(ending));
      if (openMs !== undefined && openMs >= STABLE_MS) this.#backoff.reset();
      this.#enter('waiting');
      await sleep(this.#backoff.next((error ?? refusal(ending)).retryAfterMs), signal);
    }
    this.#enter('closed');
  }

  /** Reports attempts per second: shown by the pool, never trusted. Does nothing while there is no connection. */
  report(hps: number, track: TrackName): void {
    if (this.#state === 'open') this.#send({ type: 'hashrate', hps: Math.min(hps, MAX_HPS), track });
  }

  /** Gives the present connection up, for a new one with a new secret. */
  reset(): void {
    this.#socket?.terminate();
  }

  close(): void {
    this.#stop.abort();
    this.#socket?.terminate();
    if (this.#state === 'idle') this.#enter('closed');
  }

  #session(): Promise<{ ending: Ending; openMs: number | undefined; kicked: boolean; error?: PoolError }> {
    return new Promise((resolve) => {
      let openedAt: number | undefined;
      let kicked = false;
      let error: PoolError | undefined;
      let guard = setTimeout(() => this.reset(), LOGIN_TIMEOUT_MS);
      this.#socket = openSocket(this.#endpoint.socketUrl, {
        // The first frame, so that the socket never counts as its address.
        opened: () => this.#send({ type: 'auth', token: this.#token }),
        text: (data) => {
          const frame = parseRecord(data);
          if (frame === undefined || !isFrame(frame))
            return this.#listener.failed?.(localError('bad_answer'));
          if (frame.type === 'secret' && openedAt === undefined) {
            openedAt = performance.now();
            this.#listener.secret?.(frame);
            this.#enter('open');
          } else {
            if (frame.type === 'kicked') kicked = true;
            if (frame.type === 'error') error = errorFromWire(frame);
            this.#tell(frame);
          }
          if (openedAt === undefined) return;
          clearTimeout(guard);
          guard = setTimeout(() => this.reset(), SILENCE_MS);
        },
        // The pool sends none.
        binary: () => {},
        closed: (ending) => {
          clearTimeout(guard);
          this.#socket = undefined;
          const openMs = openedAt === undefined ? undefined : performance.now() - openedAt;
          resolve({ ending, openMs, kicked, ...(error === undefined ? {} : { error }) });
        },
      });
    });
  }

  #tell(frame: PoolFrameOut): void {
    if (frame.type === 'secret') this.#listener.secret?.(frame);
    if (frame.type === 'round_solved') this.#listener.roundSolved?.(frame);
    if (frame.type === 'stats') this.#listener.stats?.(frame);
  }

  #send(frame: PoolFrameIn): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  #enter(state: SocketState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#listener.state?.(state);
  }
}

/** What a connection that brought no secret tells by its end. */
function refusal(ending: Ending): PoolError {
  return localError('unreachable', endingDetails(ending));
}
