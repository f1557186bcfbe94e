import { sql } from 'kysely';
import type { Dialect } from '../../platform/sql/command.js';
import { bytes, type Migration } from '../../platform/sql/migrations.js';

/** Small rows that are found by their key lie in the key's own tree on SQLite, not in a second one beside it. */
function keyedRows(dialect: Dialect) {
  return dialect === 'sqlite' ? sql`without rowid` : sql``;
}

/** The transport's steps of the schema, oldest first. */
export const E2EE_MIGRATIONS: readonly Migration[] = [
  {
    name: 'e2ee-1-queues',
    async up(db, dialect) {
      await db.schema
        .createTable('e2ee_queues')
        .addColumn('id', dialect === 'sqlite' ? 'integer' : 'bigint', (column) =>
          // Never the number of a queue that was erased: its envelopes may not all be gone yet.
          dialect === 'sqlite'
            ? column.primaryKey().autoIncrement()
            : column.primaryKey().generatedByDefaultAsIdentity(),
        )
        .addColumn('account', bytes(dialect))
        .addColumn('device', 'text', (column) => column.notNull())
        .addColumn('last', 'bigint', (column) => column.notNull())
        .addColumn('waiting', 'bigint', (column) => column.notNull())
        .addColumn('waiting_bytes', 'bigint', (column) => column.notNull())
        .addColumn('kept', 'bigint', (column) => column.notNull())
        .addColumn('kept_bytes', 'bigint', (column) => column.notNull())
        .addUniqueConstraint('e2ee_queues_owner', ['account', 'device'])
        .addCheckConstraint('e2ee_queues_counts', sql`waiting >= 0 and waiting_bytes >= 0 and kept >= 0`)
        .execute();
      await sql`create index e2ee_queues_erased on e2ee_queues (id) where account is null`.execute(db);
      await db.schema
        .createTable('e2ee_shares')
        .addColumn('queue', 'bigint', (column) => column.notNull())
        .addColumn('sender', bytes(dialect), (column) => column.notNull())
        .addColumn('waiting', 'bigint', (column) => column.notNull())
        .addColumn('waiting_bytes', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('e2ee_shares_pk', ['queue', 'sender'])
        .modifyEnd(keyedRows(dialect))
        .execute();
      await db.schema
        .createTable('e2ee_envelopes')
        .addColumn('id', bytes(dialect), (column) => column.primaryKey().notNull())
        .addColumn('queue', 'bigint', (column) => column.notNull())
        .addColumn('sequence', 'bigint', (column) => column.notNull())
        .addColumn('sender', bytes(dialect), (column) => column.notNull())
        // Its own UNIQUE column: several columns misplanned on both databases.
        .addColumn('key', bytes(dialect), (column) => column.unique())
        .addColumn('content', bytes(dialect))
        .addColumn('type', 'integer', (column) => column.notNull())
        .addColumn('session', bytes(dialect))
        .addColumn('group_id', bytes(dialect))
        .addColumn('client_id', bytes(dialect))
        .addColumn('status', 'integer', (column) => column.notNull())
        .addColumn('size', 'bigint', (column) => column.notNull())
        .addColumn('delivered_at', 'bigint')
        .addColumn('acked_at', 'bigint')
        .addColumn('expires_at', 'bigint')
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        // Large columns last: what stands before them is read without them.
        .addColumn('meta', bytes(dialect))
        .addColumn('signature', bytes(dialect))
        .addColumn('header', bytes(dialect))
        .addColumn('ciphertext', bytes(dialect), (column) => column.notNull())
        .addUniqueConstraint('e2ee_envelopes_place', ['queue', 'sequence'])
        .execute();
      for (const index of [
        // What waits is found past any number of acknowledged ones.
        sql`create index e2ee_envelopes_waiting on e2ee_envelopes (queue, sequence) where acked_at is null`,
        sql`create index e2ee_envelopes_acked on e2ee_envelopes (acked_at) where acked_at is not null`,
        sql`create index e2ee_envelopes_expiry on e2ee_envelopes (expires_at) where expires_at is not null`,
      ]) {
        await index.execute(db);
      }
      await db.schema
        .createTable('e2ee_spent_keys')
        .addColumn('key', bytes(dialect), (column) => column.primaryKey().notNull())
        .addColumn('content', bytes(dialect), (column) => column.notNull())
        .addColumn('id', bytes(dialect), (column) => column.notNull())
        .addColumn('sequence', 'bigint', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .modifyEnd(keyedRows(dialect))
        .execute();
      await db.schema
        .createIndex('e2ee_spent_keys_expiry')
        .on('e2ee_spent_keys')
        .column('expires_at')
        .execute();
    },
  },
  {
    name: 'e2ee-2-keys',
    async up(db, dialect) {
      await db.schema
        .createTable('e2ee_bundles')
        .addColumn('queue', 'bigint', (column) => column.primaryKey().notNull())
        .addColumn('id', bytes(dialect), (column) => column.notNull())
        .addColumn('algorithm', bytes(dialect), (column) => column.notNull())
        .addColumn('identity_key', bytes(dialect), (column) => column.notNull())
        .addColumn('signed_id', 'bigint', (column) => column.notNull())
        .addColumn('signed_key', bytes(dialect), (column) => column.notNull())
        .addColumn('signed_signature', bytes(dialect), (column) => column.notNull())
        .addColumn('signed_expires_at', 'bigint')
        .addColumn('last_resort_id', 'bigint')
        .addColumn('last_resort_key', bytes(dialect))
        .addColumn('pq_id', 'bigint')
        .addColumn('pq_key', bytes(dialect))
        .addColumn('pq_signature', bytes(dialect))
        .addColumn('meta', bytes(dialect))
        .addColumn('verified', 'integer', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('updated_at', 'bigint', (column) => column.notNull())
        .addColumn('epoch', 'bigint', (column) => column.notNull())
        .addColumn('stock', 'bigint', (column) => column.notNull().check(sql`stock >= 0`))
        .addColumn('spent', 'bigint', (column) => column.notNull())
        .addColumn('floor', 'bigint', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('e2ee_prekeys')
        .addColumn('queue', 'bigint', (column) => column.notNull())
        .addColumn('epoch', 'bigint', (column) => column.notNull())
        .addColumn('key_id', 'bigint', (column) => column.notNull())
        .addColumn('public_key', bytes(dialect), (column) => column.notNull())
        // Keys may be longer than an index takes.
        .addColumn('digest', bytes(dialect), (column) => column.notNull())
        .addColumn('spent', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('e2ee_prekeys_pk', ['queue', 'epoch', 'key_id'])
        .addUniqueConstraint('e2ee_prekeys_once', ['queue', 'digest'])
        .execute();
      await sql`create index e2ee_prekeys_left on e2ee_prekeys (queue, key_id) where spent = 0`.execute(db);
      await db.schema
        .createTable('e2ee_claims')
        .addColumn('queue', 'bigint', (column) => column.notNull())
        .addColumn('key_id', 'bigint', (column) => column.notNull())
        .addColumn('pair', bytes(dialect), (column) => column.notNull())
        .addColumn('public_key', bytes(dialect), (column) => column.notNull())
        .addColumn('claimed_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('e2ee_claims_pk', ['queue', 'key_id'])
        .execute();
      await db.schema
        .createIndex('e2ee_claims_pair')
        .on('e2ee_claims')
        .columns(['pair', 'claimed_at'])
        .execute();
      await db.schema
        .createIndex('e2ee_claims_target')
        .on('e2ee_claims')
        .columns(['queue', 'claimed_at'])
        .execute();
      await db.schema.createIndex('e2ee_claims_age').on('e2ee_claims').column('claimed_at').execute();
    },
  },
  {
    name: 'e2ee-3-sessions',
    async up(db, dialect) {
      await db.schema
        .createTable('e2ee_sessions')
        .addColumn('id', bytes(dialect), (column) => column.primaryKey().notNull())
        .addColumn('account_a', bytes(dialect), (column) => column.notNull())
        .addColumn('account_b', bytes(dialect), (column) => column.notNull())
        .addColumn('initiated_by', bytes(dialect), (column) => column.notNull())
        .addColumn('hint', bytes(dialect))
        .addColumn('meta', bytes(dialect))
        .addColumn('last_message_at', 'bigint')
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('updated_at', 'bigint', (column) => column.notNull())
        .addColumn('idle_since', 'bigint', (column) => column.notNull())
        .addUniqueConstraint('e2ee_sessions_pair', ['account_a', 'account_b'])
        .execute();
      await db.schema.createIndex('e2ee_sessions_b').on('e2ee_sessions').column('account_b').execute();
      await db.schema.createIndex('e2ee_sessions_idle').on('e2ee_sessions').column('idle_since').execute();
    },
  },
];
