import type { Command, Query } from './command.js';

/**
 * The durable store. Adapters: `sqlite` (one file, one server) and `postgres` (any number of servers).
 * One contract test runs on both. Everything rejects with `Unavailable` when the database does not answer,
 * when too much is waiting for it already, and after `close`.
 */
export interface Database {
  /**
   * Runs the command and answers its output when it is on disk. What is asked for while a transaction is on
   * its way there shares the next one. Inputs of one command keep their order; different commands that wait
   * at the same time have none.
   *
   * `Unavailable` may also mean that the answer to a commit was lost: whoever repeats a write must be ready
   * to find it done. A violated UNIQUE rejects with `UniqueViolation`, what else `run` throws as an Error of
   * the same message; the inputs beside it are not touched by it.
   */
  write<S, I, O>(command: Command<S, I, O>, input: I): Promise<O>;
  /** Runs the query on one moment of the database, not older than this call. */
  read<S, I, O>(query: Query<S, I, O>, input: I): Promise<O>;
  /** Whether the database answered the last time. */
  healthy(): boolean;
  /** Lets what is waiting finish, then lets go of the database. */
  close(): Promise<void>;
}
