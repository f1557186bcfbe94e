import { sql } from 'kysely';
import { bulk } from '../../../platform/sql/bulk.js';
import type { E2eeSchema } from './schema.js';

/** What of a queue waits from one sender. Changed only while the queue is locked. */
export type Share = { queue: number; sender: Uint8Array; waiting: number; bytes: number };

type Row = { queue: number; sender: Uint8Array; waiting: number; waiting_bytes: number };

/** The shares there are; who has none has nothing waiting. */
export const findShares = bulk<E2eeSchema, { queue: number; sender: Uint8Array }, Row>(
  (tx, p) =>
    tx.db.selectFrom('e2ee_shares').selectAll().where('queue', '=', p.queue).where('sender', '=', p.sender),
  (wanted) => sql<Row>`
    select s.* from unnest(
      ${wanted.map(({ queue }) => queue)}::bigint[],
      ${wanted.map(({ sender }) => sender)}::bytea[]) as w (queue, sender)
    join e2ee_shares s on s.queue = w.queue and s.sender = w.sender`,
);

/** Adds what waits from now on. */
export const raiseShares = bulk<E2eeSchema, Share>(
  (tx, p) =>
    tx.db
      .insertInto('e2ee_shares')
      .values({ queue: p.queue, sender: p.sender, waiting: p.waiting, waiting_bytes: p.bytes })
      .onConflict((conflict) =>
        conflict.columns(['queue', 'sender']).doUpdateSet(({ eb, ref }) => ({
          waiting: eb('e2ee_shares.waiting', '+', ref('excluded.waiting')),
          waiting_bytes: eb('e2ee_shares.waiting_bytes', '+', ref('excluded.waiting_bytes')),
        })),
      ),
  (shares) => sql`
    insert into e2ee_shares (queue, sender, waiting, waiting_bytes)
    select * from unnest(
      ${shares.map(({ queue }) => queue)}::bigint[],
      ${shares.map(({ sender }) => sender)}::bytea[],
      ${shares.map(({ waiting }) => waiting)}::bigint[],
      ${shares.map(({ bytes }) => bytes)}::bigint[])
    on conflict (queue, sender)
    do update set waiting = e2ee_shares.waiting + excluded.waiting,
      waiting_bytes = e2ee_shares.waiting_bytes + excluded.waiting_bytes`,
);

/** Takes away what no longer waits. */
export const lowerShares = bulk<E2eeSchema, Share>(
  (tx, p) =>
    tx.db
      .updateTable('e2ee_shares')
      .set(({ eb }) => ({
        waiting: eb('waiting', '-', p.waiting),
        waiting_bytes: eb('waiting_bytes', '-', p.bytes),
      }))
      .where('queue', '=', p.queue)
      .where('sender', '=', p.sender),
  (shares) => sql`
    update e2ee_shares s set waiting = s.waiting - v.waiting, waiting_bytes = s.waiting_bytes - v.bytes
    from unnest(
      ${shares.map(({ queue }) => queue)}::bigint[],
      ${shares.map(({ sender }) => sender)}::bytea[],
      ${shares.map(({ waiting }) => waiting)}::bigint[],
      ${shares.map(({ bytes }) => bytes)}::bigint[]) as v (queue, sender, waiting, bytes)
    where s.queue = v.queue and s.sender = v.sender`,
);

/** Drops shares of nothing, which say only who once wrote to whom. */
export const dropEmptyShares = bulk<E2eeSchema, { queue: number; sender: Uint8Array }>(
  (tx, p) =>
    tx.db
      .deleteFrom('e2ee_shares')
      .where('queue', '=', p.queue)
      .where('sender', '=', p.sender)
      .where('waiting', '<=', 0),
  (gone) => sql`
    delete from e2ee_shares s using unnest(
      ${gone.map(({ queue }) => queue)}::bigint[],
      ${gone.map(({ sender }) => sender)}::bytea[]) as v (queue, sender)
    where s.queue = v.queue and s.sender = v.sender and s.waiting <= 0`,
);
