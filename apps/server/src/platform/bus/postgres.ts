import type { Clock, Timer } from '../clock.js';
import { Lane, type Outcome } from '../sql/lane.js';
import { PostgresLink } from '../sql/postgres/link.js';
import { Unavailable } from '../unavailable.js';
import type { Bus, BusListener } from './bus.js';
import { pack, unpack } from './postgres-payload.js';

const CHANNEL = 'blindpost_bus';
/** Hints that may wait for the one before them to be sent, and those that are sent together. */
const BOUND = 20_000;
const BATCH = 1_000;
const PATIENCE_MS = 5_000;
const BEAT_MS = 1_000;
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 1_000;

export interface PostgresBusOptions {
  /** `postgres://`. */
  url: string;
  clock: Clock;
  /** Told once when the connection is lost; default: nobody. */
  warn?(message: string): void;
  /** Milliseconds after which a silent server counts as hung, and between two pings; for tests. */
  patienceMs?: number;
  beatMs?: number;
}

/**
 * The bus of several instances that share a PostgreSQL and have no Redis: LISTEN and NOTIFY on a connection
 * of its own, so that no write transaction waits for the lock under which PostgreSQL orders notifications.
 * All topics share one channel; what is published while a NOTIFY is under way goes with the next one.
 */
export class PostgresBus implements Bus {
  readonly #options: PostgresBusOptions;
  readonly #link: PostgresLink;
  readonly #hints: Lane<{ topic: string; hint: Buffer }>;
  readonly #topics = new Map<string, Set<{ listener: BusListener }>>();
  #listening = false;
  /** Whether a ping is under way, and whether one was still unanswered a beat later. */
  #pinging = false;
  #silent = false;
  #failures = 0;
  #timer: Timer | null = null;
  #closed = false;

  private constructor(options: PostgresBusOptions) {
    this.#options = options;
    this.#link = new PostgresLink({
      url: options.url,
      patienceMs: options.patienceMs ?? PATIENCE_MS,
      onNotification: ({ payload }) => this.#hear(payload ?? ''),
      onLost: () => this.#lost(),
    });
    this.#hints = new Lane((hints) => this.#notify(hints), { batch: BATCH, width: 1, bound: BOUND });
  }

  /** @throws Unavailable when the server is not reached */
  static async open(options: PostgresBusOptions): Promise<PostgresBus> {
    const bus = new PostgresBus(options);
    await bus.#listen();
    return bus;
  }

  /** @throws RangeError when topic and hint are over what one notification carries, about 5,900 bytes */
  async publish(topic: string, hint: Buffer): Promise<number> {
    pack([{ topic, hint }]);
    if (!this.#listening) throw new Unavailable('the bus');
    await this.#hints.submit({ topic, hint });
    return this.#topics.has(topic) ? 1 : 0;
  }

  async subscribe(topic: string, listener: BusListener): Promise<() => Promise<void>> {
    if (!this.#listening) throw new Unavailable('the bus');
    const subscription = { listener };
    const subscriptions = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, subscriptions.add(subscription));
    return async () => {
      subscriptions.delete(subscription);
      if (subscriptions.size === 0 && this.#topics.get(topic) === subscriptions) this.#topics.delete(topic);
    };
  }

  healthy(): boolean {
    return this.#listening && !this.#silent;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#listening = false;
    this.#timer?.cancel();
    await this.#hints.close();
    await this.#link.close();
    for (const subscriptions of this.#topics.values()) subscriptions.clear();
    this.#topics.clear();
  }

  async #notify(hints: readonly { topic: string; hint: Buffer }[]): Promise<readonly Outcome[]> {
    await this.#link.query('select pg_notify($1, payload) from unnest($2::text[]) as payload', [
      CHANNEL,
      pack(hints),
    ]);
    return hints.map(() => ({ ok: true, value: null }));
  }

  #hear(payload: string): void {
    for (const { topic, hint } of unpack(payload)) {
      const subscriptions = this.#topics.get(topic);
      if (subscriptions === undefined) continue;
      // Not inside the client's parser, which a throwing listener would leave in the middle of a message.
      queueMicrotask(() => {
        for (const { listener } of subscriptions) listener.onHint(hint);
      });
    }
  }

  async #listen(): Promise<void> {
    try {
      await this.#link.connect();
      await this.#link.query(`listen ${CHANNEL}`);
    } catch (error) {
      this.#link.drop();
      throw new Unavailable('the bus', error);
    }
    if (this.#closed) return;
    this.#listening = true;
    this.#pinging = false;
    this.#silent = false;
    this.#failures = 0;
    this.#watch();
  }

  /** Pings, because a server that hangs would be silent for ever and nobody would know of the gap. */
  #watch(): void {
    this.#timer = this.#options.clock.after(this.#options.beatMs ?? BEAT_MS, () => {
      if (!this.#listening) return;
      if (this.#pinging) this.#silent = true;
      else {
        this.#pinging = true;
        const heard = () => {
          this.#pinging = false;
          this.#silent = false;
        };
        // A ping that fails has lost the connection, which tells so itself.
        this.#link.query('select 1').then(heard, () => undefined);
      }
      this.#watch();
    });
  }

  #lost(): void {
    if (!this.#listening) return;
    this.#listening = false;
    this.#timer?.cancel();
    this.#options.warn?.('PostgreSQL: the connection that carries hints is lost');
    this.#retry();
  }

  #retry(): void {
    if (this.#closed) return;
    const delay = Math.min(FIRST_RETRY_MS * 2 ** this.#failures, LAST_RETRY_MS);
    this.#failures = Math.min(this.#failures + 1, 10);
    this.#timer = this.#options.clock.after(delay, () => {
      this.#listen().then(
        () => this.#tellGap(),
        () => this.#retry(),
      );
    });
  }

  #tellGap(): void {
    for (const subscriptions of [...this.#topics.values()]) {
      for (const { listener } of [...subscriptions]) listener.onGap();
    }
  }
}
