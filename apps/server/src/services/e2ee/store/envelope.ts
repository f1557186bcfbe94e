import { sql } from 'kysely';
import { bulk } from '../../../platform/sql/bulk.js';
import type { E2eeSchema, EnvelopesTable } from './schema.js';

/** An envelope as it is stored. */
export type EnvelopeRow = EnvelopesTable;

/** What an idempotency key stands for: an envelope, or what is left of one that is gone. */
export type Spent = {
  key: Uint8Array;
  content: Uint8Array;
  id: Uint8Array;
  sequence: number;
  created_at: number;
};

/** Which of these keys are known, `spent` where the envelope is gone: one look for the many that are new. */
export const findKeys = bulk<E2eeSchema, { key: Uint8Array }, { key: Uint8Array; spent: number }>(
  (tx, p) =>
    tx.db
      .selectFrom('e2ee_envelopes')
      .select(['key', sql<number>`0`.as('spent')])
      .$narrowType<{ key: Uint8Array }>()
      .where('key', '=', p.key)
      .unionAll(
        tx.db
          .selectFrom('e2ee_spent_keys')
          .select(['key', sql<number>`1`.as('spent')])
          .where('key', '=', p.key),
      ),
  (wanted) => {
    const keys = wanted.map(({ key }) => key);
    return sql<{ key: Uint8Array; spent: number }>`
      select key, 0 as spent from e2ee_envelopes where key = any(${keys}::bytea[])
      union all select key, 1 from e2ee_spent_keys where key = any(${keys}::bytea[])`;
  },
);

export const findByKey = bulk<E2eeSchema, { key: Uint8Array }, EnvelopeRow>(
  (tx, p) => tx.db.selectFrom('e2ee_envelopes').selectAll().where('key', '=', p.key),
  (wanted) => sql<EnvelopeRow>`
    select * from e2ee_envelopes where key = any(${wanted.map(({ key }) => key)}::bytea[])`,
);

export const findSpent = bulk<E2eeSchema, { key: Uint8Array }, Spent>(
  (tx, p) => tx.db.selectFrom('e2ee_spent_keys').selectAll().where('key', '=', p.key),
  (wanted) => sql<Spent>`
    select * from e2ee_spent_keys where key = any(${wanted.map(({ key }) => key)}::bytea[])`,
);

export const insertEnvelopes = bulk<E2eeSchema, EnvelopeRow>(
  (tx, p) =>
    tx.db.insertInto('e2ee_envelopes').values({
      id: p.id,
      queue: p.queue,
      sequence: p.sequence,
      sender: p.sender,
      key: p.key,
      content: p.content,
      type: p.type,
      session: p.session,
      group_id: p.group_id,
      client_id: p.client_id,
      ciphertext: p.ciphertext,
      header: p.header,
      signature: p.signature,
      meta: p.meta,
      status: p.status,
      size: p.size,
      delivered_at: p.delivered_at,
      acked_at: p.acked_at,
      expires_at: p.expires_at,
      created_at: p.created_at,
    }),
  (rows) => sql`
    insert into e2ee_envelopes (id, queue, sequence, sender, key, content, type, session, group_id, client_id,
      ciphertext, header, signature, meta, status, size, delivered_at, acked_at, expires_at, created_at)
    select * from unnest(
      ${rows.map(({ id }) => id)}::bytea[],
      ${rows.map(({ queue }) => queue)}::bigint[],
      ${rows.map(({ sequence }) => sequence)}::bigint[],
      ${rows.map(({ sender }) => sender)}::bytea[],
      ${rows.map(({ key }) => key)}::bytea[],
      ${rows.map(({ content }) => content)}::bytea[],
      ${rows.map(({ type }) => type)}::int[],
      ${rows.map(({ session }) => session)}::bytea[],
      ${rows.map(({ group_id }) => group_id)}::bytea[],
      ${rows.map(({ client_id }) => client_id)}::bytea[],
      ${rows.map(({ ciphertext }) => ciphertext)}::bytea[],
      ${rows.map(({ header }) => header)}::bytea[],
      ${rows.map(({ signature }) => signature)}::bytea[],
      ${rows.map(({ meta }) => meta)}::bytea[],
      ${rows.map(({ status }) => status)}::int[],
      ${rows.map(({ size }) => size)}::bigint[],
      ${rows.map(({ delivered_at }) => delivered_at)}::bigint[],
      ${rows.map(({ acked_at }) => acked_at)}::bigint[],
      ${rows.map(({ expires_at }) => expires_at)}::bigint[],
      ${rows.map(({ created_at }) => created_at)}::bigint[])`,
);
