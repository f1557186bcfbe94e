import { sql } from 'kysely';
import { bulk } from '../../../platform/sql/bulk.js';
import { defineCommand } from '../../../platform/sql/command.js';
import { lockQueueIds } from './queue.js';
import type { E2eeSchema } from './schema.js';

/** Envelopes of a queue, first and last sequence included. */
export type Span = { queue: number; first: number; last: number; now: number };

/** Moves what is Pending to Delivered; what has come further stays where it is. */
export const markDelivered = defineCommand<E2eeSchema, Span, null>(
  import.meta.url,
  'markDelivered',
  async (tx, inputs) => {
    // In the order in which acknowledgements lock, so that neither waits for the other.
    await lockQueueIds(
      tx,
      inputs.map(({ queue }) => queue),
    );
    await mark(tx, inputs);
    return inputs.map(() => null);
  },
);

const mark = bulk<E2eeSchema, Span>(
  (tx, p) =>
    tx.db
      .updateTable('e2ee_envelopes')
      .set({ status: 1, delivered_at: p.now })
      .where('queue', '=', p.queue)
      .where('sequence', '>=', p.first)
      .where('sequence', '<=', p.last)
      .where('acked_at', 'is', null)
      .where('status', '=', 0),
  (spans) => sql`
    update e2ee_envelopes e set status = 1, delivered_at = v.now
    from unnest(
      ${spans.map(({ queue }) => queue)}::bigint[],
      ${spans.map(({ first }) => first)}::bigint[],
      ${spans.map(({ last }) => last)}::bigint[],
      ${spans.map(({ now }) => now)}::bigint[]) as v (queue, first, last, now)
    where e.queue = v.queue and e.sequence between v.first and v.last and e.acked_at is null and e.status = 0`,
);
