import { type Kysely, sql } from 'kysely';
import { StartRefused } from '../start-refused.js';
import { inTransaction, type Session } from './batch.js';
import type { Dialect } from './command.js';

/**
 * One step of the schema. The steps of all services are handed over, mounted or not: a database that knows
 * more steps than its server is refused. A step that was released is never edited or removed, and a service's
 * next one comes after it.
 */
export interface Migration {
  /** Unique for ever, e.g. `pool-1-rounds`. */
  readonly name: string;
  up(db: Kysely<unknown>, dialect: Dialect): Promise<void>;
}

/** The column type for bytes. */
export function bytes(dialect: Dialect): 'blob' | 'bytea' {
  return dialect === 'sqlite' ? 'blob' : 'bytea';
}

/**
 * Takes the steps that the database has not seen, all in one transaction: a server that fails to upgrade
 * leaves the database to the one before it.
 * @param first run at the transaction's begin: a lock that keeps a second server out
 * @throws StartRefused when a step fails or the database is newer; what is fatal to the session
 */
export function migrate(
  session: Session,
  migrations: readonly Migration[],
  now: number,
  first?: () => Promise<void>,
): Promise<void> {
  const { db, dialect } = session.tx;
  return inTransaction(session, async () => {
    await first?.();
    await sql`create table if not exists migrations (name text primary key, applied_at bigint not null)`.execute(
      db,
    );
    const { rows } = await sql<{ name: string }>`select name from migrations`.execute(db);
    const taken = new Set(rows.map(({ name }) => name));
    const unknown = [...taken].find((name) => !migrations.some((migration) => migration.name === name));
    if (unknown !== undefined) {
      throw new StartRefused(
        `the database is newer than this server, which does not know its step ${unknown}`,
      );
    }
    for (const { name, up } of migrations) {
      if (taken.has(name)) continue;
      try {
        await up(db, dialect);
        await sql`insert into migrations (name, applied_at) values (${name}, ${now})`.execute(db);
      } catch (error) {
        if (session.isFatal(error)) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        throw new StartRefused(`the database's step ${name} failed: ${reason}`, { cause: error });
      }
    }
  });
}
