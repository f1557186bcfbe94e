import { sql } from 'kysely';
import { bytes, type Migration } from '../../platform/sql/migrations.js';

/** The identity service's steps of the schema, oldest first. */
export const IDENTITY_MIGRATIONS: readonly Migration[] = [
  {
    name: 'identity-1-registry',
    async up(db, dialect) {
      await db.schema
        .createTable('identity_registry')
        .addColumn('id', 'integer', (column) => column.primaryKey().check(sql`id = 1`))
        .addColumn('root', bytes(dialect), (column) => column.notNull())
        .addColumn('root_number', 'bigint', (column) => column.notNull())
        .addColumn('leaves', 'bigint', (column) => column.notNull())
        .addColumn('updated_at', 'bigint', (column) => column.notNull())
        .addColumn('audit_number', 'bigint', (column) => column.notNull())
        .addColumn('audit_hash', bytes(dialect), (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('identity_nodes')
        .addColumn('place', 'bigint', (column) => column.primaryKey())
        .addColumn('value', bytes(dialect), (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('identity_roots')
        .addColumn('number', 'bigint', (column) => column.primaryKey())
        .addColumn('root', bytes(dialect), (column) => column.notNull())
        .addColumn('since', 'bigint', (column) => column.notNull())
        .addColumn('superseded_at', 'bigint')
        .addColumn('ended_at', 'bigint')
        .execute();
      await db.schema.createIndex('identity_roots_root').on('identity_roots').column('root').execute();
      await db.schema
        .createTable('identity_attesters')
        .addColumn('place', 'bigint', (column) => column.primaryKey())
        .addColumn('id', 'text', (column) => column.notNull())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('contact', 'text')
        .addColumn('public_key', bytes(dialect), (column) => column.notNull().unique())
        .addColumn('type_mask', 'integer', (column) => column.notNull())
        .addColumn('sealed_key', 'text')
        .addColumn('api_key_hash', bytes(dialect), (column) => column.notNull().unique())
        .addColumn('development', 'integer', (column) => column.notNull())
        .addColumn('since_root', 'bigint', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('revoked_at', 'bigint')
        .execute();
      // The id of one that was revoked may be given to another; its place and its key never.
      await sql`create unique index identity_attesters_id on identity_attesters (id) where revoked_at is null`.execute(
        db,
      );
      await db.schema
        .createTable('identity_audit')
        .addColumn('number', 'bigint', (column) => column.primaryKey())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('event', 'text', (column) => column.notNull())
        .addColumn('subject', 'text', (column) => column.notNull())
        .addColumn('details', 'text', (column) => column.notNull())
        .addColumn('previous_hash', bytes(dialect), (column) => column.notNull())
        .addColumn('hash', bytes(dialect), (column) => column.notNull())
        .execute();
    },
  },
  {
    name: 'identity-2-attestations',
    async up(db, dialect) {
      await db.schema
        .createTable('identity_attestations')
        .addColumn('id', bytes(dialect), (column) => column.primaryKey().notNull())
        .addColumn('attester', 'bigint', (column) => column.notNull())
        .addColumn('claim', bytes(dialect), (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint')
        .addColumn('revoked_at', 'bigint')
        .execute();
      await db.schema
        .createIndex('identity_attestations_claim')
        .on('identity_attestations')
        .column('claim')
        .execute();
      await db.schema
        .createTable('identity_nullifiers')
        .addColumn('key', bytes(dialect), (column) => column.primaryKey().notNull())
        .addColumn('recorded_at', 'bigint', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('identity_permits')
        .addColumn('key', bytes(dialect), (column) => column.primaryKey().notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .execute();
      await db.schema
        .createIndex('identity_permits_expiry')
        .on('identity_permits')
        .column('expires_at')
        .execute();
    },
  },
];
