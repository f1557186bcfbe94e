import { type CompiledQuery, Kysely, type QueryResult, SqliteDialect } from 'kysely';
import type { Session } from '../batch.js';
import { isFatal } from './failure.js';
import { openFile } from './file.js';
import { cachingStatements } from './statements.js';

/** One connection to the file for transactions. */
export interface Connection extends Session {
  close(): void;
}

/** Opens an existing file for commands, or for queries when `readonly`. */
export function connect(path: string, options: { readonly?: boolean } = {}): Connection {
  const database = openFile(path, options);
  const statements = cachingStatements(database);
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: statements }) });
  return {
    tx: {
      db,
      dialect: 'sqlite',
      execute<R>({ sql, parameters }: CompiledQuery<R>): QueryResult<R> {
        const statement = statements.prepare(sql);
        // What a statement answers, its builder has typed.
        if (statement.reader) return { rows: statement.all(parameters) as R[] };
        return { rows: [], numAffectedRows: BigInt(statement.run(parameters).changes) };
      },
    },
    begin: options.readonly === true ? 'begin' : 'begin immediate',
    exec: async (sql) => void statements.prepare(sql).run([]),
    isFatal,
    close: () => void database.close(),
  };
}
