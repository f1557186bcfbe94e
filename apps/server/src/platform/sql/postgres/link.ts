import { once } from 'node:events';
import { Socket } from 'node:net';
import { Client, DatabaseError, type Notification, type QueryResult } from 'pg';
import { Unavailable } from '../../unavailable.js';
import { TYPES } from './types.js';

export interface LinkOptions {
  /** `postgres://`. */
  url: string;
  /** Milliseconds a connection or a statement may take before the server counts as hung; 0: for ever. */
  patienceMs: number;
  onNotification?(notification: Notification): void;
  /** Called when a connection that was up is lost, not when it was ended by us. */
  onLost?(): void;
}

const CONNECT_MS = 5_000;

/**
 * One connection to PostgreSQL at a time: it is used until it fails once, then it is destroyed, and the next
 * `connect` makes another one.
 */
export class PostgresLink {
  readonly #options: LinkOptions;
  #client: Client | null = null;
  #socket: Socket | null = null;
  #closed = false;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  isUp(): boolean {
    return this.#client !== null;
  }

  /**
   * Connects if it is not. Commits wait for the disk whatever the server's default is, and a transaction that
   * we leave open, because we died, gives its locks back.
   * @throws Unavailable when the server is not reached; DatabaseError when it refuses
   */
  async connect(): Promise<void> {
    if (this.#client !== null) return;
    if (this.#closed) throw new Unavailable('the database');
    const { url, patienceMs } = this.#options;
    const socket = new Socket();
    const client = new Client({
      connectionString: url,
      application_name: 'blindpost',
      // Ours, to have it in hand when the server hangs: the client's own end would wait for it.
      stream: () => socket,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: patienceMs,
      keepAlive: true,
      types: TYPES,
    });
    client.on('error', () => this.#lose(client));
    client.on('end', () => this.#lose(client));
    client.on('notification', (notification) => this.#options.onNotification?.(notification));
    try {
      await client.connect();
      await client.query(
        `select set_config('statement_timeout', $1, false),
                set_config('idle_in_transaction_session_timeout', $1, false),
                set_config('synchronous_commit', case current_setting('synchronous_commit')
                  when 'off' then 'on' else current_setting('synchronous_commit') end, false)`,
        [String(patienceMs)],
      );
      if (this.#closed) throw new Unavailable('the database');
    } catch (error) {
      socket.destroy();
      throw error instanceof DatabaseError ? error : new Unavailable('the database', error);
    }
    this.#client = client;
    this.#socket = socket;
  }

  /** @throws Unavailable when the connection is down or breaks; what the server or a type's reader objects */
  async query(text: string, values?: readonly unknown[]): Promise<QueryResult> {
    const client = this.#client;
    if (client === null) throw new Unavailable('the database');
    try {
      return await client.query(text, values === undefined ? undefined : [...values]);
    } catch (error) {
      if (error instanceof DatabaseError) throw error;
      if (error instanceof Error && error.message === 'Query read timeout') this.#lose(client);
      if (this.#client !== client) throw new Unavailable('the database', error);
      throw error;
    }
  }

  /** Drops the connection, whatever state it is in; the next `connect` makes a new one. */
  drop(): void {
    if (this.#client !== null) this.#lose(this.#client);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const [client, socket] = [this.#client, this.#socket];
    this.#client = null;
    if (client === null || socket === null || socket.destroyed) return;
    const gone = once(socket, 'close');
    void client.end().catch(() => undefined);
    // The farewell is written; a server that hangs is not waited for.
    socket.destroySoon();
    await gone;
  }

  #lose(client: Client): void {
    if (client !== this.#client) return;
    this.#client = null;
    this.#socket?.destroy();
    this.#options.onLost?.();
  }
}
