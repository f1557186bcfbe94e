import type BetterSqlite3 from 'better-sqlite3';
import type { SqliteDatabase, SqliteStatement } from 'kysely';

/** Statements kept; lists of varying length make texts without end. */
const KEPT = 500;

/** The database as Kysely sees it: what was prepared once is used again. */
export function cachingStatements(database: BetterSqlite3.Database): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>();
  return {
    prepare(sql) {
      const known = kept.get(sql);
      if (known !== undefined) return known;
      const prepared = adapt(database.prepare(sql));
      kept.set(sql, prepared);
      const [oldest] = kept.keys();
      if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
      return prepared;
    },
    close: () => void database.close(),
  };
}

function adapt(statement: BetterSqlite3.Statement<unknown[]>): SqliteStatement {
  return {
    reader: statement.reader,
    all: (parameters) => statement.all(parameters.map(bound)),
    run: (parameters) => statement.run(parameters.map(bound)),
    iterate: (parameters) => statement.iterate(parameters.map(bound)),
  };
}

/** A number is bound as REAL, a BigInt as INTEGER; by a REAL `a / ?` would have a fraction. */
function bound(value: unknown): unknown {
  return Number.isSafeInteger(value) ? BigInt(Number(value)) : value;
}
