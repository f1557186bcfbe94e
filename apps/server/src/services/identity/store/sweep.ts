import { sql } from 'kysely';
import { defineCommand, defineQuery, type Tx } from '../../../platform/sql/command.js';
import type { IdentitySchema } from './schema.js';

const DAY_MS = 86_400_000;

export type Sweep = { now: number; windowMs: number; limit: number };

/** Deletes what has had its time, at most `limit` of each kind; whether there may be more. */
export const sweep = defineCommand<IdentitySchema, Sweep, boolean>(
  import.meta.url,
  'sweep',
  async ({ db }, inputs) => {
    const outputs: boolean[] = [];
    for (const { now, windowMs, limit } of inputs) {
      const permits = await db
        .deleteFrom('identity_permits')
        .where('key', 'in', (eb) =>
          eb.selectFrom('identity_permits').select('key').where('expires_at', '<=', now).limit(limit),
        )
        .returning('key')
        .execute();
      // The audit trail knows them for ever.
      const roots = await db
        .deleteFrom('identity_roots')
        .where('number', 'in', (eb) =>
          eb
            .selectFrom('identity_roots')
            .select('number')
            .where('superseded_at', '<=', now - windowMs - DAY_MS)
            .orderBy('number')
            .limit(limit),
        )
        .returning('number')
        .execute();
      outputs.push(Math.max(permits.length, roots.length) === limit);
    }
    return outputs;
  },
);

/** Rows up to which PostgreSQL counts them one by one. */
const COUNTED = 1_000_000;

/** How much there is of what is kept for ever. */
export const census = defineQuery<IdentitySchema, null, { attestations: number; nullifiers: number }>(
  import.meta.url,
  'census',
  async (tx) => ({
    attestations: await rowsOf(tx, 'identity_attestations'),
    nullifiers: await rowsOf(tx, 'identity_nullifiers'),
  }),
);

/**
 * Rows of a table of which none is ever deleted. To count a hundred million each minute may take longer than a server
 * waits for its database: SQLite numbers them, and PostgreSQL keeps an estimate, which is right to about a fifth.
 */
async function rowsOf(
  { db, dialect }: Tx<IdentitySchema>,
  table: 'identity_attestations' | 'identity_nullifiers',
): Promise<number> {
  const told =
    dialect === 'sqlite'
      ? sql<{ rows: number | null }>`select max(rowid) as rows from ${sql.table(table)}`
      : sql<{
          rows: number;
        }>`select reltuples::bigint as rows from pg_class where oid = to_regclass(${table})`;
  const rows = (await told.execute(db)).rows[0]?.rows ?? 0;
  if (dialect === 'sqlite' || rows > COUNTED) return rows;
  const counted = await db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow();
  return counted.rows;
}
