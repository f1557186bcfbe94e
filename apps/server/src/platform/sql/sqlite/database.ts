import BetterSqlite3 from 'better-sqlite3';
import type { Clock } from '../../clock.js';
import { StartRefused } from '../../start-refused.js';
import { type Group, groupJobs } from '../batch.js';
import type { Command, Query } from '../command.js';
import type { Database } from '../database.js';
import { Lane, type Outcome } from '../lane.js';
import { type Migration, migrate } from '../migrations.js';
import type { CheckpointMode, LogSize } from './checkpoint.thread.js';
import { Checkpoints } from './checkpoints.js';
import { connect } from './connection.js';
import { type Failure, revived } from './failure.js';
import { claimFile } from './file.js';
import type { Definition } from './load.js';
import type { Reading } from './reader.thread.js';
import { Thread } from './thread.js';

/** Inputs of one transaction. */
const BATCH = 256;
/** Batches handed to the thread that writes: while it is busy with one, the next is made ready and the last answered. */
const WRITES_AHEAD = 2;
/** Writes, or reads, that may wait. */
const BOUND = 4_096;

export interface SqliteOptions {
  /** The file; made when there is none, readable by its owner only. */
  path: string;
  migrations: readonly Migration[];
  clock: Clock;
  /** Default 4,096; for tests. */
  bound?: number;
}

interface Threads {
  readonly writer: Thread<readonly Group<Definition>[], readonly Outcome<Failure>[]>;
  readonly reader: Thread<readonly Reading[], readonly Outcome<Failure>[]>;
  readonly checkpointer: Thread<CheckpointMode, LogSize>;
}

/**
 * The database in one SQLite file: a thread that writes, one that reads and one that does the checkpoints.
 * Commands run inside the thread that writes, because statements posted to it one by one were 20 times slower.
 */
export class SqliteDatabase implements Database {
  readonly #threads: Threads;
  readonly #writes: Lane<{ command: Definition; input: unknown }>;
  readonly #reads: Lane<Reading>;
  readonly #checkpoints: Checkpoints;
  readonly #unclaim: () => void;
  readonly #definitions = new Map<object, Definition>();
  #answers = true;
  #closed: Promise<void> | null = null;

  private constructor(threads: Threads, unclaim: () => void, { clock, bound = BOUND }: SqliteOptions) {
    this.#threads = threads;
    this.#unclaim = unclaim;
    this.#writes = new Lane((jobs) => this.#commit(jobs), { batch: BATCH, width: WRITES_AHEAD, bound });
    this.#reads = new Lane((jobs) => this.#ask(jobs), { batch: BATCH, width: 1, bound });
    this.#checkpoints = new Checkpoints(threads.checkpointer, [this.#writes, this.#reads], clock);
  }

  /** @throws StartRefused when the file is another server's, is newer, is none of SQLite or cannot be upgraded */
  static async open(options: SqliteOptions): Promise<SqliteDatabase> {
    const { path, migrations, clock } = options;
    const unclaim = claimFile(path);
    try {
      const connection = connect(path);
      try {
        await migrate(connection, migrations, clock.now());
      } finally {
        connection.close();
      }
      const threads: Threads = {
        writer: Thread.start(new URL('./writer.thread.js', import.meta.url), path),
        reader: Thread.start(new URL('./reader.thread.js', import.meta.url), path),
        checkpointer: Thread.start(new URL('./checkpoint.thread.js', import.meta.url), path),
      };
      await Promise.all([threads.writer.ask([]), threads.reader.ask([]), threads.checkpointer.ask('noop')]);
      return new SqliteDatabase(threads, unclaim, options);
    } catch (error) {
      unclaim();
      if (!(error instanceof BetterSqlite3.SqliteError)) throw error;
      throw new StartRefused(`${path} (DB_PATH) cannot be used: ${error.message}`, { cause: error });
    }
  }

  async write<S, I, O>(command: Command<S, I, O>, input: I): Promise<O> {
    const output = await this.#writes.submit({ command: this.#definition(command), input });
    // The command's own output, which lost its type on the way between the threads.
    return output as O;
  }

  async read<S, I, O>(query: Query<S, I, O>, input: I): Promise<O> {
    const output = await this.#reads.submit({ command: this.#definition(query), input });
    // As above.
    return output as O;
  }

  healthy(): boolean {
    const { writer, reader, checkpointer } = this.#threads;
    const alive = writer.alive() && reader.alive() && checkpointer.alive();
    return alive && this.#answers && this.#closed === null;
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    await Promise.all([this.#writes.close(), this.#reads.close()]);
    await this.#checkpoints.settled();
    const { writer, reader, checkpointer } = this.#threads;
    await Promise.all([reader.stop(), checkpointer.stop()]);
    // Last, because it then finds itself alone and moves the whole log into the file.
    await writer.stop();
    this.#unclaim();
  }

  async #commit(jobs: readonly { command: Definition; input: unknown }[]): Promise<readonly Outcome[]> {
    const { groups, restore } = groupJobs(jobs);
    const outcomes = await this.#threads.writer.ask(groups);
    this.#answers = !outcomes.every((outcome) => !outcome.ok && outcome.error.kind === 'unavailable');
    this.#checkpoints.consider();
    return restore(outcomes.map(revived));
  }

  async #ask(readings: readonly Reading[]): Promise<readonly Outcome[]> {
    return (await this.#threads.reader.ask(readings)).map(revived);
  }

  /** Only the name crosses to the threads. One object per command, by which a batch is grouped. */
  #definition(of: Definition): Definition {
    const known = this.#definitions.get(of);
    if (known !== undefined) return known;
    const definition = { module: of.module, name: of.name };
    this.#definitions.set(of, definition);
    return definition;
  }
}
