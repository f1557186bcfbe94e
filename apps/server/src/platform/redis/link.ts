import { createClient, ErrorReply } from '@redis/client';
import type { Clock, Timer } from '../clock.js';
import { Unavailable } from '../unavailable.js';
import { RedisRefused, visibleFailure } from './failure.js';

export type RedisClient = ReturnType<typeof newClient>;

export interface RedisLinkOptions {
  /** `redis://`, `rediss://` or `unix://`. */
  url: string;
  clock: Clock;
  /** Milliseconds between two pings; default 1000. A server silent for five of them is given up. */
  beatMs?: number;
  /** Told when the link breaks, and why it cannot come back. */
  warn(message: string): void;
  /** Readies each new connection before it is used; a rejection counts as a failed attempt. */
  prepare?(client: RedisClient): Promise<void>;
  /** Called each time the link is up, the first included. */
  onUp?(): void;
}

const BEAT_MS = 1_000;
/** Unanswered beats after which the server counts as hung; with the beat of the ping itself, 5 s. */
const PATIENCE = 4;
const CONNECT_MS = 5_000;
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 1_000;
/** Commands under way; the next one fails at once. At a round trip of 1 ms that is 20 million per second. */
const MAX_PENDING = 20_000;

/**
 * One lasting link to a Redis server, made of a succession of clients: each is used until it fails once,
 * then it is destroyed and a new one is tried, for ever. The client's own reconnection is not used, because
 * it has no answer to a server that accepts connections and then stays silent: its command timeout ends
 * when the command is written.
 */
export class RedisLink {
  readonly #options: RedisLinkOptions;
  /** The client in use; null while down. */
  #client: RedisClient | null = null;
  /** The client being connected. */
  #candidate: RedisClient | null = null;
  #silentBeats = 0;
  #failures = 0;
  #closed = false;
  #timer: Timer | null = null;
  #lastWarning = '';

  private constructor(options: RedisLinkOptions) {
    this.#options = options;
  }

  /** @throws Unavailable when the server is not reached; RedisRefused when it must not be used. */
  static async open(options: RedisLinkOptions): Promise<RedisLink> {
    const link = new RedisLink(options);
    try {
      await link.#connect();
    } catch (error) {
      const visible = visibleFailure(error);
      throw visible instanceof ErrorReply ? new RedisRefused(visible.message, visible) : visible;
    }
    return link;
  }

  /** Runs one command. Rejects with `Unavailable` when the link is down or breaks before the answer. */
  async use<T>(command: (client: RedisClient) => Promise<T>): Promise<T> {
    if (this.#client === null) throw new Unavailable('Redis');
    try {
      return await command(this.#client);
    } catch (error) {
      throw visibleFailure(error);
    }
  }

  /** Whether the server is connected and answered the last ping. */
  healthy(): boolean {
    return this.#client !== null && this.#silentBeats === 0;
  }

  /** Ends the link; what is under way rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    this.#candidate?.destroy();
    this.#client?.destroy();
    this.#client = null;
  }

  async #connect(): Promise<void> {
    const client = newClient(this.#options.url);
    client.on('error', (error) => this.#lose(client, error));
    this.#candidate = client;
    let expired = false;
    const guard = this.#options.clock.after(CONNECT_MS, () => {
      expired = true;
      client.destroy();
    });
    try {
      await client.connect();
      await this.#options.prepare?.(client);
      // The client may finish connecting although it was destroyed meanwhile.
      if (expired || this.#closed) throw new Unavailable('Redis');
    } catch (error) {
      client.destroy();
      throw error;
    } finally {
      guard.cancel();
      this.#candidate = null;
    }
    this.#client = client;
    this.#silentBeats = 0;
    this.#failures = 0;
    this.#lastWarning = '';
    this.#watch(client);
    this.#options.onUp?.();
  }

  /** Pings each beat. Beats are counted instead of time, so that a stall of our own is not held against Redis. */
  #watch(client: RedisClient): void {
    let heard = true;
    let waiting = false;
    const beat = () => {
      if (client !== this.#client) return;
      this.#silentBeats = heard ? 0 : this.#silentBeats + 1;
      if (this.#silentBeats === PATIENCE) {
        this.#lose(client, new Error('the server hangs'));
        return;
      }
      if (!waiting) {
        heard = false;
        waiting = true;
        client
          .ping()
          .then(
            () => {
              heard = true;
              if (client === this.#client) this.#silentBeats = 0;
            },
            // Refused by a full queue or a loading server: as good as silence.
            () => undefined,
          )
          .finally(() => {
            waiting = false;
          });
      }
      this.#timer = this.#options.clock.after(this.#options.beatMs ?? BEAT_MS, beat);
    };
    this.#timer = this.#options.clock.after(this.#options.beatMs ?? BEAT_MS, beat);
  }

  /** Failures of a client that is not in use yet show in `#connect`. */
  #lose(client: RedisClient, cause: unknown): void {
    if (client !== this.#client) return;
    this.#client = null;
    this.#timer?.cancel();
    client.destroy();
    this.#warnOnce(`Redis: the connection is lost (${reason(cause)})`);
    this.#retry();
  }

  #retry(): void {
    if (this.#closed) return;
    const delay = Math.min(FIRST_RETRY_MS * 2 ** this.#failures, LAST_RETRY_MS);
    this.#failures = Math.min(this.#failures + 1, 10);
    this.#timer = this.#options.clock.after(delay, () => {
      this.#connect().catch((error: unknown) => {
        if (error instanceof RedisRefused) this.#warnOnce(error.message);
        this.#retry();
      });
    });
  }

  #warnOnce(message: string): void {
    if (message === this.#lastWarning) return;
    this.#lastWarning = message;
    this.#options.warn(message);
  }
}

function newClient(url: string) {
  return createClient({
    url,
    name: 'blindpost',
    RESP: 3,
    disableOfflineQueue: true,
    commandsQueueMaxLength: MAX_PENDING,
    maintNotifications: 'disabled',
    // A timer per command that ends before it can help; the pings are the timeout.
    commandOptions: { timeout: 0 },
    socket: { reconnectStrategy: false, connectTimeout: CONNECT_MS },
  });
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
