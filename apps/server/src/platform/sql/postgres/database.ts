import { sql } from 'kysely';
import type { Clock, Timer } from '../../clock.js';
import { StartRefused } from '../../start-refused.js';
import { Unavailable } from '../../unavailable.js';
import { type AnyCommand, groupJobs, inTransaction, runBatch } from '../batch.js';
import type { Command, Query } from '../command.js';
import type { Database } from '../database.js';
import { Lane, type Outcome } from '../lane.js';
import { type Migration, migrate } from '../migrations.js';
import { isConflict, isFatal, isRefusal, visibleFailure } from './failure.js';
import { checkRequirements } from './requirements.js';
import { PostgresSession } from './session.js';

/** Inputs of one transaction. */
const BATCH = 256;
/** Writes, or reads, that may wait. */
const BOUND = 4_096;
const READERS = 4;
/** Times a batch is tried that conflicts with other servers. */
const TRIES = 10;
const PATIENCE_MS = 10_000;
const BEAT_MS = 1_000;
/** Beats without an answer after which the server counts as hung. */
const SILENT_BEATS = 5;
/** Of the advisory lock under which one server at a time upgrades the schema: "blindpst". */
const MIGRATION_LOCK = '7092159436054098804';

const WRITES = 'begin isolation level read committed read write';
const READS = 'begin isolation level repeatable read read only';

export interface PostgresOptions {
  /** `postgres://`. */
  url: string;
  migrations: readonly Migration[];
  clock: Clock;
  /** Told what the operator should know. */
  warn(message: string): void;
  /** Default 4,096; for tests, as the next two. */
  bound?: number;
  patienceMs?: number;
  beatMs?: number;
}

/** An empty transaction of the writer's. */
const NOTHING: AnyCommand = {
  kind: 'command',
  module: import.meta.url,
  name: 'nothing',
  run: async (_, inputs) => inputs,
};

/** One read of any query. */
type Reading = (session: PostgresSession) => Promise<unknown>;

/** The database in PostgreSQL: one connection that writes, a few that read. */
export class PostgresDatabase implements Database {
  readonly #options: PostgresOptions;
  readonly #writer: PostgresSession;
  readonly #readers: readonly PostgresSession[];
  readonly #idle: PostgresSession[];
  readonly #writes: Lane<{ command: AnyCommand; input: unknown }>;
  readonly #reads: Lane<Reading>;
  #writerAnswers = true;
  #readersAnswer = true;
  #silentBeats = 0;
  #beat: Timer | null = null;
  #closed: Promise<void> | null = null;

  private constructor(options: PostgresOptions) {
    this.#options = options;
    const { url, bound = BOUND, patienceMs = PATIENCE_MS } = options;
    this.#writer = new PostgresSession(WRITES, { url, patienceMs });
    this.#readers = Array.from({ length: READERS }, () => new PostgresSession(READS, { url, patienceMs }));
    this.#idle = [...this.#readers];
    this.#writes = new Lane((jobs) => this.#commit(jobs), { batch: BATCH, width: 1, bound });
    this.#reads = new Lane((jobs) => this.#read(jobs), { batch: 1, width: READERS, bound });
    this.#watch();
  }

  /**
   * @throws Unavailable when the server is not reached; StartRefused when it refuses us, cannot be used, is
   * newer or cannot be upgraded
   */
  static async open(options: PostgresOptions): Promise<PostgresDatabase> {
    const { url, migrations, clock, warn } = options;
    // An upgrade may take its time.
    const session = new PostgresSession(WRITES, { url, patienceMs: 0 });
    try {
      await session.connect();
      await checkRequirements(session.tx, warn);
      await migrate(session, migrations, clock.now(), async () => {
        await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK}::bigint)`.execute(session.tx.db);
      });
    } catch (error) {
      if (isRefusal(error)) throw new StartRefused(`DATABASE_URL: ${error.message}`, { cause: error });
      throw visibleFailure(error);
    } finally {
      await session.close();
    }
    return new PostgresDatabase(options);
  }

  async write<S, I, O>(command: Command<S, I, O>, input: I): Promise<O> {
    // Of whatever schema from here to its own `run`, which gets back exactly the inputs given here.
    const output = await this.#writes.submit({ command: command as unknown as AnyCommand, input });
    return output as O;
  }

  async read<S, I, O>(query: Query<S, I, O>, input: I): Promise<O> {
    // As above.
    const { run } = query as unknown as Query<unknown, I, O>;
    const output = await this.#reads.submit((session) => run(session.tx, input));
    return output as O;
  }

  healthy(): boolean {
    return (
      this.#writerAnswers && this.#readersAnswer && this.#silentBeats < SILENT_BEATS && this.#closed === null
    );
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    this.#beat?.cancel();
    await Promise.all([this.#writes.close(), this.#reads.close()]);
    await Promise.all([this.#writer, ...this.#readers].map((session) => session.close()));
  }

  async #commit(jobs: readonly { command: AnyCommand; input: unknown }[]): Promise<readonly Outcome[]> {
    const { groups, restore } = groupJobs(jobs);
    for (let tries = 1; ; tries++) {
      try {
        await ready(this.#writer);
        const outcomes = await runBatch(this.#writer, groups);
        this.#writerAnswers = true;
        return restore(outcomes.map(visible));
      } catch (error) {
        if (isConflict(error) && tries < TRIES) continue;
        if (isFatal(error)) {
          this.#writerAnswers = false;
          // Whatever state it is in: it is not trusted again.
          this.#writer.drop();
        }
        throw visibleFailure(error);
      }
    }
  }

  async #read([reading]: readonly Reading[]): Promise<readonly Outcome[]> {
    const session = this.#idle.pop();
    if (session === undefined || reading === undefined) throw new Unavailable('the database');
    try {
      await ready(session);
      const value = await inTransaction(session, () => reading(session));
      this.#readersAnswer = true;
      return [{ ok: true, value }];
    } catch (error) {
      if (isFatal(error)) {
        this.#readersAnswer = false;
        session.drop();
      }
      throw visibleFailure(error);
    } finally {
      this.#idle.push(session);
    }
  }

  /** Asks once a beat whether the server is there, so that health returns without a caller. */
  #watch(): void {
    const { clock, beatMs = BEAT_MS } = this.#options;
    let waiting = false;
    const beat = () => {
      if (waiting) this.#silentBeats++;
      else {
        waiting = true;
        const settle = () => {
          waiting = false;
          this.#silentBeats = 0;
        };
        const read = this.#reads.submit((session) => session.exec('select 1'));
        const write = this.#writes.submit({ command: NOTHING, input: null });
        void Promise.allSettled([read, write]).then(settle);
      }
      this.#beat = clock.after(beatMs, beat);
    };
    this.#beat = clock.after(beatMs, beat);
  }
}

/** @throws Unavailable, also when the server refuses us now that it did not at the start */
async function ready(session: PostgresSession): Promise<void> {
  await session.connect().catch((error: unknown) => {
    throw error instanceof Unavailable ? error : new Unavailable('the database', error);
  });
}

function visible(outcome: Outcome): Outcome {
  return outcome.ok ? outcome : { ok: false, error: visibleFailure(outcome.error) };
}
