import type { CompiledQuery, Kysely, QueryResult } from 'kysely';

export type Dialect = 'sqlite' | 'postgres';

/** The transaction a command or query runs in. Nothing may be kept of it when the call has ended. */
export interface Tx<S> {
  readonly db: Kysely<S>;
  readonly dialect: Dialect;
  /** Runs what was compiled before, past Kysely's own way to the connection. On SQLite the answer is there at once. */
  execute<R>(query: CompiledQuery<R>): QueryResult<R> | Promise<QueryResult<R>>;
}

/**
 * Writes a batch of inputs in one transaction that others share; made by {@link defineCommand}.
 * @typeParam I and O structured-clone data: plain objects, arrays, text, safe integers, null, Uint8Array
 */
export interface Command<S, I, O> {
  readonly kind: 'command';
  readonly module: string;
  readonly name: string;
  run(tx: Tx<S>, inputs: readonly I[]): Promise<readonly O[]>;
}

/** Reads at one moment of the database; made by {@link defineQuery}. Inputs and outputs as a command's. */
export interface Query<S, I, O> {
  readonly kind: 'query';
  readonly module: string;
  readonly name: string;
  run(tx: Tx<S>, input: I): Promise<O>;
}

/**
 * A durable write. On SQLite it runs inside the database's thread, which imports `module` and takes the
 * export `name`: the constant must be exported under that very name, by a module without side effects.
 *
 * `run` gets the inputs in the order of `write` and answers one output for each, in the same order; later
 * inputs must see what earlier ones did. Refusals are outputs. A throw rolls back, and the inputs come
 * again one at a time; so `run` keeps nothing between calls and leaves time and randomness to its inputs.
 * It awaits its statements one after another: one left running would outlive the transaction.
 * Constraints are immediate: one that is deferred fails at the commit, where nobody knows whose fault it is.
 * @param module `import.meta.url`
 * @example
 * export const credit = defineCommand<Schema, Credit, number>(import.meta.url, 'credit', async (tx, inputs) => …);
 */
export function defineCommand<S, I, O>(
  module: string,
  name: string,
  run: Command<S, I, O>['run'],
): Command<S, I, O> {
  return { kind: 'command', module, name, run };
}

/** A read; see {@link defineCommand} for `module` and `name`. It must not write. */
export function defineQuery<S, I, O>(
  module: string,
  name: string,
  run: Query<S, I, O>['run'],
): Query<S, I, O> {
  return { kind: 'query', module, name, run };
}
