import {
  Kysely,
  type PostgresCursor,
  PostgresDialect,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from 'kysely';
import type { Session } from '../batch.js';
import type { Tx } from '../command.js';
import { isFatal } from './failure.js';
import { type LinkOptions, PostgresLink } from './link.js';

/** One connection and Kysely on it, for one transaction at a time. */
export class PostgresSession implements Session {
  readonly tx: Tx<unknown>;
  readonly begin: string;
  readonly isFatal = isFatal;
  readonly #link: PostgresLink;

  /** @param begin the statement that begins its transactions */
  constructor(begin: string, options: LinkOptions) {
    this.begin = begin;
    this.#link = new PostgresLink(options);
    // The whole of a pool as Kysely needs it: every statement goes to this one connection.
    const connection = { query: statementsOf(this.#link), release: () => undefined };
    const pool = { connect: async () => connection, end: async () => undefined };
    const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
    this.tx = { db, dialect: 'postgres', execute: (query) => db.executeQuery(query) };
  }

  async exec(sql: string): Promise<void> {
    await this.#link.query(sql);
  }

  /** See {@link PostgresLink}. */
  connect(): Promise<void> {
    return this.#link.connect();
  }

  drop(): void {
    this.#link.drop();
  }

  close(): Promise<void> {
    return this.#link.close();
  }
}

/** Kysely's type asks for cursors too; it makes none, because its dialect is given no way to. */
function statementsOf(link: PostgresLink): PostgresPoolClient['query'] {
  function query<R>(text: string, values: ReadonlyArray<unknown>): Promise<PostgresQueryResult<R>>;
  function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  function query<R>(
    statement: string | PostgresCursor<R>,
    values?: ReadonlyArray<unknown>,
  ): PostgresCursor<R> | Promise<PostgresQueryResult<R>> {
    if (typeof statement !== 'string') throw new Error('there are no cursors');
    // pg says the same of its result in wider words: any text as command, a count that may be null.
    return link.query(statement, values) as Promise<PostgresQueryResult<R>>;
  }
  return query;
}
