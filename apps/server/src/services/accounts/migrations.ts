import { bytes, type Migration } from '../../platform/sql/migrations.js';

/** The accounts' steps of the schema, oldest first. */
export const ACCOUNTS_MIGRATIONS: readonly Migration[] = [
  {
    name: 'accounts-1-accounts',
    async up(db, dialect) {
      await db.schema
        .createTable('accounts')
        .addColumn('id', bytes(dialect), (column) => column.primaryKey().notNull())
        .addColumn('public_key', bytes(dialect), (column) => column.unique())
        .addColumn('generation', 'bigint', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('account_revocations')
        .addColumn('token', bytes(dialect), (column) => column.primaryKey().notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .execute();
      await db.schema
        .createIndex('account_revocations_expiry')
        .on('account_revocations')
        .column('expires_at')
        .execute();
      await db.schema
        .createTable('account_endings')
        .addColumn('account', bytes(dialect), (column) => column.primaryKey().notNull())
        .addColumn('revoked_at', 'bigint', (column) => column.notNull())
        .execute();
      await db.schema
        .createIndex('account_endings_time')
        .on('account_endings')
        .column('revoked_at')
        .execute();
      await db.schema
        .createTable('account_erasures')
        .addColumn('account', bytes(dialect), (column) => column.primaryKey().notNull())
        .addColumn('deleted_at', 'bigint', (column) => column.notNull())
        .execute();
      await db.schema
        .createIndex('account_erasures_time')
        .on('account_erasures')
        .column('deleted_at')
        .execute();
    },
  },
];
