import { openSocket } from '#websocket';
import type { TokenSource } from '../accounts/token-source.js';
import { ServiceError } from '../errors/service-error.js';
import type { Endpoint } from '../http/endpoint.js';
import { type JsonRecord, parseRecord } from '../json/record.js';
import { Backoff } from '../retry/backoff.js';
import { sleep } from '../retry/sleep.js';
import { endingDetails } from '../websocket/ending.js';
import type { Ending, Socket } from '../websocket/socket.js';
import { ERRORS, errorFromWire, localError } from './errors.js';

/** `waiting` is between two attempts; `closed` is final. */
export type State = 'idle' | 'connecting' | 'open' | 'waiting' | 'closed';

/** Sends one frame, JSON text. */
export type Send = (frame: string) => void;

export interface ConnectionListener {
  /** Logged in: frames may be sent until `dropped`. */
  opened(send: Send): void;
  /** A frame after login. */
  frame(frame: JsonRecord): void;
  dropped(): void;
  state(state: State): void;
  /** An attempt failed, or a frame made no sense; the connection goes on trying. */
  failed(error: ServiceError): void;
  /** It never will again: nothing follows. */
  ended(error: ServiceError): void;
}

/** How one socket went. */
interface Session {
  error?: ServiceError | undefined;
  /** How long it was logged in, in milliseconds; undefined when it never was. */
  openMs?: number | undefined;
  /** The token that the server took no longer. */
  refused?: string | undefined;
}

/** Refusals of a first login that trying again cannot cure. */
const FATAL: ReadonlySet<string> = new Set([
  'forbidden',
  'invalid_request',
  'misdirected',
  'not_found',
  'unauthorized',
]);
/** Patience with a server that takes the socket and says nothing. */
const LOGIN_TIMEOUT_MS = 15_000;
/** A connection that lived so long was a good one: the next wait starts small again. */
const STABLE_MS = 1000;
/** Patience with a server that does not finish the closing handshake. */
const CLOSE_TIMEOUT_MS = 2_000;
/** RFC 6455: how the server ends a socket whose token ended. */
const POLICY = 1008;

/** One logged-in socket at a time, opened again for as long as the application wants it. */
export class Connection {
  readonly #endpoint: Endpoint;
  readonly #tokens: TokenSource;
  readonly #listener: ConnectionListener;
  readonly #backoff = new Backoff();
  readonly #stop = new AbortController();
  #socket: Socket | undefined;
  #everOpen = false;
  #state: State = 'idle';

  constructor(endpoint: Endpoint, tokens: TokenSource, listener: ConnectionListener) {
    this.#endpoint = endpoint;
    this.#tokens = tokens;
    this.#listener = listener;
  }

  get state(): State {
    return this.#state;
  }

  /** Connects and reconnects until `stop`, or until a first login is refused for good. */
  async run(): Promise<void> {
    const { signal } = this.#stop;
    let refused: string | undefined;
    while (!signal.aborted) {
      this.#enter('connecting');
      const session = await this.#session(refused);
      if (signal.aborted) break;
      const { error, openMs } = session;
      if (error !== undefined) this.#listener.failed(error);
      const renewed = refused !== undefined;
      refused = session.refused;
      // A first token that the server does not take is renewed at once, as is one that ended on a good socket.
      if (refused !== undefined && (openMs === undefined ? !renewed : openMs >= STABLE_MS)) continue;
      if (error !== undefined && !this.#everOpen && FATAL.has(error.code)) return this.#end(error);
      if (openMs !== undefined && openMs >= STABLE_MS) this.#backoff.reset();
      this.#enter('waiting');
      await sleep(this.#backoff.next(error?.retryAfterMs), signal);
    }
    this.#end(localError('closed'));
  }

  /** Ends for good; `run` settles when the socket is closed. */
  stop(): void {
    this.#stop.abort();
    if (this.#state === 'idle') this.#end(localError('closed'));
  }

  /** Gives the present socket up, as when nothing is heard of it; a new one follows. */
  reset(): void {
    this.#socket?.terminate();
  }

  async #session(refused: string | undefined): Promise<Session> {
    const { signal } = this.#stop;
    let token: string;
    try {
      token = await this.#tokens.token(refused);
    } catch (cause) {
      return { error: cause instanceof ServiceError ? cause : localError('token_failed', {}, cause) };
    }
    if (signal.aborted) return {};
    return new Promise((resolve) => {
      let openedAt: number | undefined;
      let error: ServiceError | undefined;
      let guard = setTimeout(() => socket.terminate(), LOGIN_TIMEOUT_MS);
      const stop = () => {
        clearTimeout(guard);
        guard = setTimeout(() => socket.terminate(), openedAt === undefined ? 0 : CLOSE_TIMEOUT_MS);
        if (openedAt !== undefined) socket.close();
      };
      const socket = openSocket(this.#endpoint.socketUrl, {
        // In a frame, because a browser cannot give a header; and a query would be written to logs.
        opened: () => socket.send(JSON.stringify({ type: 'auth', data: { token } })),
        text: (data) => {
          const frame = parseRecord(data);
          if (frame === undefined) return this.#listener.failed(ERRORS.badAnswer());
          // Kept: why a socket ends is told by an error frame just before the close.
          if (frame.type === 'error' && frame.ref === undefined) error = errorFromWire(frame.data);
          if (openedAt !== undefined) return this.#listener.frame(frame);
          if (frame.type !== 'auth.ok') return;
          clearTimeout(guard);
          openedAt = performance.now();
          this.#everOpen = true;
          this.#enter('open');
          this.#listener.opened((text) => socket.send(text));
        },
        // The server sends none.
        binary: () => {},
        closed: (ending) => {
          clearTimeout(guard);
          signal.removeEventListener('abort', stop);
          this.#socket = undefined;
          const openMs = openedAt === undefined ? undefined : performance.now() - openedAt;
          if (openMs !== undefined) this.#listener.dropped();
          resolve({ ...outcome(ending, error, token), openMs });
        },
      });
      signal.addEventListener('abort', stop, { once: true });
      this.#socket = socket;

      function outcome(ending: Ending, told: ServiceError | undefined, used: string): Session {
        const byToken = told === undefined ? isTokenEnd(ending) : told.code === 'unauthorized';
        const session = byToken ? { refused: used } : {};
        // Of a socket that was open the frames were told already, and a lost one is nobody's fault.
        if (openedAt !== undefined) return session;
        return { ...session, error: told ?? localError('unreachable', endingDetails(ending)) };
      }
    });
  }

  #enter(state: State): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#listener.state(state);
  }

  #end(error: ServiceError): void {
    this.#enter('closed');
    this.#listener.ended(error);
  }
}

function isTokenEnd({ code, status }: Ending): boolean {
  return code === POLICY || status === 401;
}
