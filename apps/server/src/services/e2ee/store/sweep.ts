import { sql } from 'kysely';
import { bulk } from '../../../platform/sql/bulk.js';
import { defineCommand, type Tx } from '../../../platform/sql/command.js';
import { lockQueueIds } from './queue.js';
import type { E2eeSchema } from './schema.js';
import { settle } from './settle.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Idle sessions say who once talked to whom. */
const SESSION_IDLE_MS = 90 * DAY_MS;

export type Sweep = { now: number; limit: number };

/** Deletes what has had its time, at most `limit` of each kind; how many rows of the fullest kind. */
export const sweep = defineCommand<E2eeSchema, Sweep, number>(
  import.meta.url,
  'sweep',
  async (tx, inputs) => {
    const counts: number[] = [];
    for (const { now, limit } of inputs) {
      const envelopes = tx.db.selectFrom('e2ee_envelopes').select(['id', 'queue']).limit(limit);
      const expired = await envelopes.where('expires_at', '<=', now).execute();
      const acked = await envelopes.where('acked_at', '<=', now - DAY_MS).execute();
      await removeEnvelopes(tx, [...expired, ...acked], now);
      const others = [
        await sql`delete from e2ee_spent_keys where key in (
          select key from e2ee_spent_keys where expires_at <= ${now} limit ${limit})`.execute(tx.db),
        await sql`delete from e2ee_claims where (queue, key_id) in (
          select queue, key_id from e2ee_claims where claimed_at <= ${now - HOUR_MS} limit ${limit})`.execute(
          tx.db,
        ),
        await sql`delete from e2ee_sessions where id in (
          select id from e2ee_sessions where idle_since <= ${now - SESSION_IDLE_MS} limit ${limit})`.execute(
          tx.db,
        ),
      ].map(({ numAffectedRows }) => Number(numAffectedRows ?? 0));
      counts.push(Math.max(expired.length, acked.length, ...others));
    }
    return counts;
  },
);

/** Forgets the oldest acknowledged envelopes of a queue that keeps more of them than `envelopes` or `bytes`. */
export const trim = defineCommand<
  E2eeSchema,
  { queue: number; envelopes: number; bytes: number; limit: number; now: number },
  boolean
>(import.meta.url, 'trim', async (tx, inputs) => {
  const answers: boolean[] = [];
  for (const { queue: id, envelopes, bytes, limit, now } of inputs) {
    const queue = (await lockQueueIds(tx, [id])).get(id);
    if (queue === undefined) {
      answers.push(false);
      continue;
    }
    const oldest = await tx.db
      .selectFrom('e2ee_envelopes')
      .select(['id', 'queue', 'size'])
      .where('queue', '=', id)
      .where('acked_at', 'is not', null)
      .orderBy('sequence')
      .limit(limit)
      .execute();
    let [kept, keptBytes] = [queue.kept, queue.keptBytes];
    const over = oldest.filter(({ size }) => {
      if (kept <= envelopes && keptBytes <= bytes) return false;
      kept -= 1;
      keptBytes -= size;
      return true;
    });
    await removeEnvelopes(tx, over, now);
    answers.push(over.length === limit);
  }
  return answers;
});

type Removed = {
  id: Uint8Array;
  queue: number;
  sequence: number;
  sender: Uint8Array;
  key: Uint8Array | null;
  content: Uint8Array | null;
  size: number;
  acked_at: number | null;
  created_at: number;
};

/** Deletes envelopes; their idempotency keys outlive them by a day. */
async function removeEnvelopes(
  tx: Tx<E2eeSchema>,
  envelopes: readonly { id: Uint8Array; queue: number }[],
  now: number,
): Promise<void> {
  if (envelopes.length === 0) return;
  const queues = await lockQueueIds(
    tx,
    envelopes.map(({ queue }) => queue),
  );
  const removed = await deleteEnvelopes(tx, envelopes);
  await settle(tx, queues, {
    expired: removed.filter(({ acked_at }) => acked_at === null),
    forgotten: removed.filter(({ acked_at }) => acked_at !== null),
  });
  const spent = removed.flatMap(({ key, content, id, sequence, created_at }) =>
    key === null || content === null
      ? []
      : [{ key, content, id, sequence, created_at, expires_at: now + DAY_MS }],
  );
  await insertSpent(tx, spent);
}

const deleteEnvelopes = bulk<E2eeSchema, { id: Uint8Array }, Removed>(
  (tx, p) =>
    tx.db
      .deleteFrom('e2ee_envelopes')
      .where('id', '=', p.id)
      .returning(['id', 'queue', 'sequence', 'sender', 'key', 'content', 'size', 'acked_at', 'created_at']),
  (gone) => sql<Removed>`
    delete from e2ee_envelopes where id = any(${gone.map(({ id }) => id)}::bytea[])
    returning id, queue, sequence, sender, key, content, size, acked_at, created_at`,
);

type SpentRow = {
  key: Uint8Array;
  content: Uint8Array;
  id: Uint8Array;
  sequence: number;
  created_at: number;
  expires_at: number;
};

const insertSpent = bulk<E2eeSchema, SpentRow>(
  (tx, p) =>
    tx.db
      .insertInto('e2ee_spent_keys')
      .values({
        key: p.key,
        content: p.content,
        id: p.id,
        sequence: p.sequence,
        created_at: p.created_at,
        expires_at: p.expires_at,
      })
      .onConflict((conflict) => conflict.column('key').doNothing()),
  (rows) => sql`
    insert into e2ee_spent_keys (key, content, id, sequence, created_at, expires_at)
    select * from unnest(
      ${rows.map(({ key }) => key)}::bytea[],
      ${rows.map(({ content }) => content)}::bytea[],
      ${rows.map(({ id }) => id)}::bytea[],
      ${rows.map(({ sequence }) => sequence)}::bigint[],
      ${rows.map(({ created_at }) => created_at)}::bigint[],
      ${rows.map(({ expires_at }) => expires_at)}::bigint[])
    on conflict (key) do nothing`,
);
