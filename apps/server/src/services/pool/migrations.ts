import { type Kysely, sql } from 'kysely';
import { bytes, type Migration } from '../../platform/sql/migrations.js';
import { HOUSE } from './rules/ledger.js';
import { accountId } from './store/account.js';
import type { PoolSchema } from './store/schema.js';

/** The pool's steps of the schema, oldest first. */
export const POOL_MIGRATIONS: readonly Migration[] = [
  {
    name: 'pool-1-ledger',
    async up(db, dialect) {
      await db.schema
        .createTable('pool_ledger')
        .addColumn('id', 'integer', (column) => column.primaryKey().check(sql`id = 1`))
        .addColumn('refilled_at', 'bigint')
        .addColumn('rest', 'integer', (column) => column.notNull())
        .addColumn('entries', 'bigint', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('pool_accounts')
        .addColumn('id', bytes(dialect), (column) => column.primaryKey().notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('balance', 'bigint', (column) => column.notNull())
        .addColumn('withdrawn', 'bigint', (column) => column.notNull())
        .addCheckConstraint('pool_nobody_below_zero', sql`balance >= 0 or kind = 'mint'`)
        .execute();
      await db.schema
        .createTable('pool_entries')
        .addColumn('id', 'bigint', (column) => column.primaryKey())
        .addColumn('debit', bytes(dialect), (column) => column.notNull())
        .addColumn('credit', bytes(dialect), (column) => column.notNull())
        .addColumn('amount', 'bigint', (column) => column.notNull().check(sql`amount > 0`))
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('ref', bytes(dialect))
        .addColumn('ts_ms', 'bigint', (column) => column.notNull())
        .execute();
      // The steps are handed untyped; these tables are the ones just made.
      const pool = db as Kysely<PoolSchema>;
      await pool
        .insertInto('pool_ledger')
        .values({ id: 1, refilled_at: null, rest: 0, entries: 0 })
        .execute();
      const house = HOUSE.map((kind) => ({ id: accountId(kind), kind, balance: 0, withdrawn: 0 }));
      await pool.insertInto('pool_accounts').values(house).execute();
    },
  },
  {
    name: 'pool-2-rounds',
    async up(db, dialect) {
      await db.schema
        .createTable('pool_tracks')
        .addColumn('track', 'text', (column) => column.primaryKey().notNull())
        .addColumn('bits', 'integer', (column) => column.notNull())
        .addColumn('work', 'double precision', (column) => column.notNull())
        .addColumn('time', 'double precision', (column) => column.notNull())
        .addColumn('won', 'bigint', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('pool_rounds')
        .addColumn('id', bytes(dialect), (column) => column.primaryKey().notNull())
        .addColumn('track', 'text', (column) => column.notNull())
        .addColumn('params', 'text', (column) => column.notNull())
        .addColumn('bits', 'integer', (column) => column.notNull())
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('issued_at', 'bigint', (column) => column.notNull())
        .addColumn('held_since', 'bigint')
        .addColumn('locks', 'integer', (column) => column.notNull())
        .addColumn('closed_at', 'bigint')
        .addColumn('winner', bytes(dialect))
        .addColumn('nonce', bytes(dialect))
        .addColumn('payout', 'bigint')
        .addColumn('balance_after', 'bigint')
        .addColumn('solve_ms', 'bigint')
        .execute();
      await sql`create unique index pool_rounds_open on pool_rounds (track) where status = 'open'`.execute(
        db,
      );
      await db.schema.createIndex('pool_rounds_closed').on('pool_rounds').column('closed_at').execute();
      await db.schema
        .createTable('pool_locks')
        .addColumn('miner', bytes(dialect), (column) => column.primaryKey().notNull())
        .addColumn('address', bytes(dialect), (column) => column.notNull())
        .addColumn('round', bytes(dialect), (column) => column.notNull())
        .addColumn('issued_at', 'bigint', (column) => column.notNull())
        .execute();
      await db.schema.createIndex('pool_locks_address').on('pool_locks').column('address').execute();
      await db.schema.createIndex('pool_locks_round').on('pool_locks').column('round').execute();
    },
  },
  {
    name: 'pool-3-withdrawals',
    async up(db, dialect) {
      await db.schema
        .createTable('pool_withdrawals')
        .addColumn('id', bytes(dialect), (column) => column.primaryKey().notNull())
        .addColumn('miner', bytes(dialect), (column) => column.notNull())
        .addColumn('amount', 'bigint', (column) => column.notNull())
        .addColumn('destination', bytes(dialect), (column) => column.notNull())
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('settled_at', 'bigint')
        .addColumn('key', bytes(dialect), (column) => column.unique())
        .execute();
      await db.schema
        .createIndex('pool_withdrawals_status')
        .on('pool_withdrawals')
        .columns(['status', 'id'])
        .execute();
      await db.schema
        .createTable('pool_redemptions')
        .addColumn('id', bytes(dialect), (column) => column.primaryKey().notNull())
        .addColumn('miner', bytes(dialect), (column) => column.notNull())
        .addColumn('asked', 'bigint')
        .addColumn('amount', 'bigint', (column) => column.notNull())
        .addColumn('quota', 'bigint', (column) => column.notNull())
        .addColumn('code', 'text', (column) => column.notNull().unique())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('next_try_at', 'bigint')
        .addColumn('key', bytes(dialect), (column) => column.unique())
        .execute();
      await db.schema
        .createIndex('pool_redemptions_miner')
        .on('pool_redemptions')
        .columns(['miner', 'id'])
        .execute();
      // What is delivered is not tried again and not in it.
      await sql`create index pool_redemptions_due on pool_redemptions (next_try_at) where next_try_at is not null`.execute(
        db,
      );
    },
  },
];
