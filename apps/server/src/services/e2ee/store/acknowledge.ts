import { sql } from 'kysely';
import { bulk } from '../../../platform/sql/bulk.js';
import { byteKey } from '../../../platform/sql/byte-key.js';
import { defineCommand } from '../../../platform/sql/command.js';
import { lockQueues, type Owner, ownerKey } from './queue.js';
import type { E2eeSchema } from './schema.js';
import { settle } from './settle.js';

/** Which envelopes of one's own queue: those of the ids, or all up to a sequence. */
export type Acknowledge = {
  owner: Owner;
  now: number;
  by: { ids: readonly Uint8Array[] } | { upTo: number };
};

/** How many this request acknowledged; `kept` and `keptBytes` are what the queue keeps for a day now. */
export type Acknowledged = { count: number; queue: number | null; kept: number; keptBytes: number };

/** Moves envelopes to Acknowledged, which nothing moves back. Ids of others, and repeated ones, count for nothing. */
export const acknowledge = defineCommand<E2eeSchema, Acknowledge, Acknowledged>(
  import.meta.url,
  'acknowledge',
  async (tx, inputs) => {
    const queues = await lockQueues(
      tx,
      inputs.map(({ owner }) => owner),
    );
    const counts = inputs.map(() => 0);
    const ids: (ById & { input: number })[] = [];
    const ranges: (ByRange & { input: number })[] = [];
    for (const [input, { owner, now, by }] of inputs.entries()) {
      const queue = queues.get(ownerKey(owner))?.id;
      if (queue === undefined) continue;
      if ('upTo' in by) ranges.push({ input, queue, upTo: by.upTo, now });
      else for (const id of by.ids) ids.push({ input, queue, id, now });
    }
    // By queue: who names another's ids must not be told what became of them.
    const first = new Map<string, number>();
    for (const wanted of ids) {
      const place = placeOf(wanted);
      if (!first.has(place)) first.set(place, wanted.input);
    }

    const acknowledged: Moved[] = [];
    for (const row of await acknowledgeIds(tx, ids)) {
      acknowledged.push(row);
      const input = first.get(placeOf(row));
      if (input !== undefined) counts[input] = (counts[input] ?? 0) + 1;
    }
    for (const row of await acknowledgeRanges(tx, ranges)) {
      acknowledged.push(row);
      const input = ranges.find(({ queue, upTo }) => queue === row.queue && row.sequence <= upTo)?.input;
      if (input !== undefined) counts[input] = (counts[input] ?? 0) + 1;
    }
    const byId = new Map([...queues.values()].map((queue) => [queue.id, queue]));
    await settle(tx, byId, { acknowledged });
    return inputs.map(({ owner }, input) => {
      const queue = queues.get(ownerKey(owner));
      return {
        count: counts[input] ?? 0,
        queue: queue?.id ?? null,
        kept: queue?.kept ?? 0,
        keptBytes: queue?.keptBytes ?? 0,
      };
    });
  },
);

function placeOf({ queue, id }: { queue: number; id: Uint8Array }): string {
  return `${queue}:${byteKey(id)}`;
}

type ById = { queue: number; id: Uint8Array; now: number };
type ByRange = { queue: number; upTo: number; now: number };
type Moved = { id: Uint8Array; queue: number; sequence: number; sender: Uint8Array; size: number };

const acknowledgeIds = bulk<E2eeSchema, ById, Moved>(
  (tx, p) =>
    tx.db
      .updateTable('e2ee_envelopes')
      .set(({ fn, val }) => ({
        status: 2,
        acked_at: p.now,
        delivered_at: fn.coalesce('delivered_at', val(p.now)),
      }))
      .where('id', '=', p.id)
      .where('queue', '=', p.queue)
      .where('acked_at', 'is', null)
      .returning(['id', 'queue', 'sequence', 'sender', 'size']),
  (wanted) => sql<Moved>`
    update e2ee_envelopes e
    set status = 2, acked_at = v.now, delivered_at = coalesce(e.delivered_at, v.now)
    from unnest(
      ${wanted.map(({ queue }) => queue)}::bigint[],
      ${wanted.map(({ id }) => id)}::bytea[],
      ${wanted.map(({ now }) => now)}::bigint[]) as v (queue, id, now)
    where e.id = v.id and e.queue = v.queue and e.acked_at is null
    returning e.id, e.queue, e.sequence, e.sender, e.size`,
);

const acknowledgeRanges = bulk<E2eeSchema, ByRange, Moved>(
  (tx, p) =>
    tx.db
      .updateTable('e2ee_envelopes')
      .set(({ fn, val }) => ({
        status: 2,
        acked_at: p.now,
        delivered_at: fn.coalesce('delivered_at', val(p.now)),
      }))
      .where('queue', '=', p.queue)
      .where('sequence', '<=', p.upTo)
      .where('acked_at', 'is', null)
      .returning(['id', 'queue', 'sequence', 'sender', 'size']),
  (wanted) => sql<Moved>`
    update e2ee_envelopes e
    set status = 2, acked_at = v.now, delivered_at = coalesce(e.delivered_at, v.now)
    from unnest(
      ${wanted.map(({ queue }) => queue)}::bigint[],
      ${wanted.map(({ upTo }) => upTo)}::bigint[],
      ${wanted.map(({ now }) => now)}::bigint[]) as v (queue, up_to, now)
    where e.queue = v.queue and e.sequence <= v.up_to and e.acked_at is null
    returning e.id, e.queue, e.sequence, e.sender, e.size`,
);
