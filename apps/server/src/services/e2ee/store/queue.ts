import { sql } from 'kysely';
import { bulk } from '../../../platform/sql/bulk.js';
import { byteKey } from '../../../platform/sql/byte-key.js';
import type { Tx } from '../../../platform/sql/command.js';
import { lockRows } from '../../../platform/sql/lock-rows.js';
import type { E2eeSchema } from './schema.js';

/** The one device every account has until there are more. */
export const DEFAULT_DEVICE = 'default';

/** Whose queue it is. */
export type Owner = { account: Uint8Array; device: string };

/** A queue's row, held until the transaction ends. */
export type Queue = {
  id: number;
  last: number;
  waiting: number;
  bytes: number;
  kept: number;
  keptBytes: number;
};

type Row = {
  id: number;
  account: Uint8Array | null;
  device: string;
  last: number;
  waiting: number;
  waiting_bytes: number;
  kept: number;
  kept_bytes: number;
};

export function ownerKey({ account, device }: Owner): string {
  return byteKey(account) + device;
}

/**
 * Locks the queues of these owners, in the order of their ids so that no two servers wait for each other.
 * Those there are, by {@link ownerKey}.
 */
export async function lockQueues(tx: Tx<E2eeSchema>, owners: readonly Owner[]): Promise<Map<string, Queue>> {
  const distinct = new Map(owners.map((owner) => [ownerKey(owner), owner]));
  const found = new Map<string, Queue>();
  for (const row of await locked(tx, [...distinct.values()])) {
    if (row.account === null) continue;
    found.set(ownerKey({ account: row.account, device: row.device }), queueOf(row));
  }
  return found;
}

const locked = bulk<E2eeSchema, Owner, Row>(
  (tx, p) =>
    lockRows(tx, tx.db.selectFrom('e2ee_queues').selectAll())
      .where('account', '=', p.account)
      .where('device', '=', p.device),
  (owners) => sql<Row>`
    select q.* from e2ee_queues q
    where (q.account, q.device) in (
      select account, device from unnest(
        ${owners.map(({ account }) => account)}::bytea[],
        ${owners.map(({ device }) => device)}::text[]) as wanted (account, device))
    order by q.id for update`,
);

/** Locks queues by their ids, in order; those there are, erased ones included. */
export async function lockQueueIds(tx: Tx<E2eeSchema>, ids: readonly number[]): Promise<Map<number, Queue>> {
  const distinct = [...new Set(ids)].sort((a, b) => a - b).map((id) => ({ id }));
  const rows = await lockedById(tx, distinct);
  return new Map(rows.map((row) => [row.id, queueOf(row)]));
}

function queueOf(row: Row): Queue {
  return {
    id: row.id,
    last: row.last,
    waiting: row.waiting,
    bytes: row.waiting_bytes,
    kept: row.kept,
    keptBytes: row.kept_bytes,
  };
}

const lockedById = bulk<E2eeSchema, { id: number }, Row>(
  (tx, p) => tx.db.selectFrom('e2ee_queues').selectAll().where('id', '=', p.id),
  (wanted) => sql<Row>`
    select * from e2ee_queues where id = any(${wanted.map(({ id }) => id)}::bigint[]) order by id for update`,
);

/** Writes the counts of queues that are locked. */
export const saveQueues = bulk<E2eeSchema, Queue>(
  (tx, p) =>
    tx.db
      .updateTable('e2ee_queues')
      .set({
        last: p.last,
        waiting: p.waiting,
        waiting_bytes: p.bytes,
        kept: p.kept,
        kept_bytes: p.keptBytes,
      })
      .where('id', '=', p.id),
  (queues) => sql`
    update e2ee_queues q
    set last = v.last, waiting = v.waiting, waiting_bytes = v.bytes, kept = v.kept, kept_bytes = v.kept_bytes
    from unnest(
      ${queues.map(({ id }) => id)}::bigint[],
      ${queues.map(({ last }) => last)}::bigint[],
      ${queues.map(({ waiting }) => waiting)}::bigint[],
      ${queues.map(({ bytes }) => bytes)}::bigint[],
      ${queues.map(({ kept }) => kept)}::bigint[],
      ${queues.map(({ keptBytes }) => keptBytes)}::bigint[]) as v (id, last, waiting, bytes, kept, kept_bytes)
    where q.id = v.id`,
);
