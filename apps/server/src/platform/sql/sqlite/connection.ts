import BetterSqlite3 from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { Session } from '../batch.js';
import { isFatal } from './failure.js';
import { cachingStatements } from './statements.js';

const BUSY_MS = 5_000;
const CACHE_KIB = 65_536;

/** One connection to the file, as every thread opens it. */
export interface Connection extends Session {
  readonly database: BetterSqlite3.Database;
  close(): void;
}

/** Opens an existing file. Checkpoints are left to the thread that does nothing else. */
export function connect(path: string, options: { readonly?: boolean } = {}): Connection {
  const { readonly = false } = options;
  const database = new BetterSqlite3(path, { readonly, fileMustExist: true, timeout: BUSY_MS });
  if (!readonly) database.pragma('journal_mode = WAL');
  for (const pragma of [
    'synchronous = FULL',
    'wal_autocheckpoint = 0',
    'foreign_keys = ON',
    `cache_size = -${CACHE_KIB}`,
    'temp_store = MEMORY',
  ]) {
    database.pragma(pragma);
  }
  const statements = cachingStatements(database);
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: statements }) });
  return {
    database,
    tx: { db, dialect: 'sqlite' },
    begin: readonly ? 'begin' : 'begin immediate',
    exec: async (sql) => void statements.prepare(sql).run([]),
    isFatal,
    close: () => void database.close(),
  };
}
