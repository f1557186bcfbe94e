import { openSocket } from '#websocket';
import type { Endpoint, Endpoints } from '../http/endpoint.js';
import { type JsonRecord, parseRecord } from '../json/record.js';
import { Backoff } from '../retry/backoff.js';
import { sleep } from '../retry/sleep.js';
import { endingDetails } from '../websocket/ending.js';
import type { Ending, Socket } from '../websocket/socket.js';
import { errorFromWire, localError, RelayError } from './errors.js';
import type { Login } from './login.js';
import type { LoggedIn } from './options.js';
import { pad } from './padding.js';

/** `waiting` is between two attempts; the last three are final. */
export type State = 'idle' | 'connecting' | 'open' | 'waiting' | FinalState;
export type FinalState = 'closed' | 'replaced' | 'burned';

/** Sends one frame; text is padded on its way out, so that no frame of ours can forget it. */
export type Send = (frame: string | Uint8Array) => void;

export interface ConnectionListener {
  /** Logged in: frames may be sent until `dropped`. */
  opened(send: Send, login: LoggedIn): void;
  /** A text frame after login. */
  frame(frame: JsonRecord): void;
  binary(bytes: Uint8Array): void;
  dropped(): void;
  state(state: State): void;
  /** An attempt failed, or a frame made no sense; the connection goes on trying. */
  failed(error: RelayError): void;
  /** It never will again: nothing follows. */
  ended(error: RelayError): void;
}

/** How one socket went, from login to its end. */
interface Session {
  ending: Ending;
  /** Why it ended, as far as the server told. */
  error: RelayError | undefined;
  /** How long it was logged in, in milliseconds; undefined when it never was. */
  openMs: number | undefined;
}

/** Refusals of a first login that trying again cannot cure. */
const FATAL: ReadonlySet<string> = new Set([
  'ERR_FORBIDDEN',
  'ERR_MALFORMED',
  'ERR_NOT_FOUND',
  'forbidden',
  'invalid_request',
  'misdirected',
  'not_found',
]);
/** Patience with a server that takes the socket and says nothing. */
const LOGIN_TIMEOUT_MS = 15_000;
/** A connection that lived so long was a good one: the next wait starts small again. */
const STABLE_MS = 1000;
/** Patience with a server that does not finish the closing handshake. */
const CLOSE_TIMEOUT_MS = 2_000;
/** RFC 6455: the socket ended without a closing handshake, so the server may not know yet. */
const ABNORMAL = 1006;
/** How long a server may take to decide a login whose socket was lost. */
const STRAY_MS = 60_000;
/** A jail term when the server did not tell how long. */
const JAIL_MS = 60_000;

/** One logged-in socket at a time, opened again for as long as the application wants it. */
export class Connection {
  readonly #endpoints: Endpoints;
  readonly #login: Login;
  readonly #listener: ConnectionListener;
  readonly #backoff = new Backoff();
  readonly #stop = new AbortController();
  #socket: Socket | undefined;
  #everOpen = false;
  /** Until then a login of our own that was lost may still be decided. */
  #strayUntil = 0;
  #stopAs: FinalState = 'closed';
  #state: State = 'idle';

  constructor(endpoints: Endpoints, login: Login, listener: ConnectionListener) {
    this.#endpoints = endpoints;
    this.#login = login;
    this.#listener = listener;
  }

  get state(): State {
    return this.#state;
  }

  /** Connects and reconnects until an end: `stop`, replaced, burned, or a first login refused for good. */
  async run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const endpoint = this.#endpoints.current;
      const token = this.#login.remembered;
      this.#enter('connecting');
      const session = await this.#session(endpoint).catch(failure);
      if (signal.aborted) break;
      const { error, ending, openMs } = session;
      // Coming back would throw out the newer client, or make the burned identity anew.
      if (isVerdict(ending.reason) && !this.#isStray(ending.reason)) return this.#end(ending.reason);
      this.#strayUntil = ending.code === ABNORMAL ? performance.now() + STRAY_MS : 0;
      if (error !== undefined) this.#listener.failed(error);
      if (error !== undefined && !this.#everOpen && FATAL.has(error.code)) return this.#end('closed', error);
      if (openMs !== undefined && openMs >= STABLE_MS) this.#backoff.reset();
      if (openMs === undefined && token && error?.code === 'ERR_UNAUTHORIZED') {
        // The token is too old or unknown here: pay instead, at once and at the same address.
        this.#login.forget();
        continue;
      }
      this.#endpoints.leave(endpoint);
      this.#enter('waiting');
      const told = error?.retryAfterMs ?? (ending.reason === 'jailed' ? JAIL_MS : 0);
      await sleep(this.#backoff.next(told), signal);
    }
    this.#end(this.#stopAs);
  }

  /** Whether "replaced" may speak of our own lost login, decided late by a slow server, and not of another client. */
  #isStray(verdict: FinalState): boolean {
    return verdict === 'replaced' && performance.now() < this.#strayUntil;
  }

  /** Ends for good; `run` settles when the socket is closed. */
  stop(state: FinalState): void {
    this.#stopAs = state;
    this.#stop.abort();
    if (this.#state === 'idle') this.#end(state);
  }

  /** Gives the present socket up, as when nothing is heard of it; a new one follows. */
  reset(): void {
    this.#socket?.terminate();
  }

  async #session(endpoint: Endpoint): Promise<Session> {
    const { signal } = this.#stop;
    const resumed = this.#login.remembered;
    const auth = JSON.stringify(await this.#login.frame(endpoint, signal));
    signal.throwIfAborted();
    return new Promise((resolve) => {
      let openedAt: number | undefined;
      let error: RelayError | undefined;
      let guard = setTimeout(() => socket.terminate(), LOGIN_TIMEOUT_MS);
      const stop = () => {
        clearTimeout(guard);
        guard = setTimeout(() => socket.terminate(), openedAt === undefined ? 0 : CLOSE_TIMEOUT_MS);
        if (openedAt !== undefined) socket.close();
      };
      const socket = openSocket(endpoint.socketUrl, {
        opened: () => send(auth),
        text: (data) => {
          const frame = parseRecord(data);
          if (frame === undefined) return this.#listener.failed(localError('bad_answer'));
          // Kept for its retry time: a jail term is told by an error frame just before the close.
          if (frame.type === 'error') error = errorFromWire(frame);
          if (openedAt !== undefined) return this.#listener.frame(frame);
          if (frame.type !== 'auth_success' || !this.#login.accepted(frame)) return;
          clearTimeout(guard);
          openedAt = performance.now();
          this.#everOpen = true;
          this.#enter('open');
          this.#listener.opened(send, { keysMissing: frame.keys_missing === true, resumed });
        },
        binary: (bytes) => {
          if (openedAt !== undefined) this.#listener.binary(bytes);
        },
        closed: (ending) => {
          clearTimeout(guard);
          signal.removeEventListener('abort', stop);
          this.#socket = undefined;
          const openMs = openedAt === undefined ? undefined : performance.now() - openedAt;
          if (openMs !== undefined) this.#listener.dropped();
          resolve({ ending, error: reason(ending, error, openMs !== undefined), openMs });
        },
      });
      const send: Send = (frame) => socket.send(typeof frame === 'string' ? pad(frame) : frame);
      signal.addEventListener('abort', stop, { once: true });
      this.#socket = socket;
    });
  }

  #enter(state: State): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#listener.state(state);
  }

  #end(state: FinalState, error: RelayError = localError(state)): void {
    this.#enter(state);
    this.#listener.ended(error);
  }
}

function isVerdict(reason: string): reason is 'replaced' | 'burned' {
  return reason === 'replaced' || reason === 'burned';
}

/** What to make of an end: after login only a 1008 is more than a lost connection. */
function reason(ending: Ending, error: RelayError | undefined, wasOpen: boolean): RelayError | undefined {
  if (wasOpen) return ending.code === 1008 ? error : undefined;
  if (error !== undefined) return error;
  return localError('unreachable', endingDetails(ending));
}

/** No socket was opened: the challenge was refused or could not be fetched. */
function failure(cause: unknown): Session {
  const error = cause instanceof RelayError ? cause : localError('unreachable', {}, cause);
  return { ending: { code: 1006, reason: '' }, error, openMs: undefined };
}
