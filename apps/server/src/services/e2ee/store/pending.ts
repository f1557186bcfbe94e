import type { Tx } from '../../../platform/sql/command.js';
import { defineQuery } from '../../../platform/sql/command.js';
import { statement } from '../../../platform/sql/statement.js';
import type { EnvelopeRow } from './envelope.js';
import type { Owner } from './queue.js';
import type { E2eeSchema } from './schema.js';

/** What waits in a queue after a sequence: at most so many envelopes, and so many bytes unless one is larger. */
export type Ask = { owner: Owner; after: number; take: number; bytes: number; now: number };

/** `queue` is null while the account has none. */
export type Page = { queue: number | null; rows: EnvelopeRow[]; more: boolean };

/** Un-acknowledged envelopes that have not expired, in their order. */
export const pending = defineQuery<E2eeSchema, Ask, Page>(
  import.meta.url,
  'pending',
  async (tx, { owner, after, take, bytes, now }) => {
    const found = await findQueue(tx, owner);
    const queue = found.rows[0]?.id;
    if (queue === undefined) return { queue: null, rows: [], more: false };
    const { rows: sizes } = await findSizes(tx, { queue, after, limit: take + 1, now });
    let [taken, sum] = [0, 0];
    for (const { size } of sizes) {
      if (taken === take || (taken > 0 && sum + size > bytes)) break;
      taken += 1;
      sum += size;
    }
    const last = sizes[taken - 1]?.sequence;
    if (last === undefined) return { queue, rows: [], more: false };
    const { rows } = await findRows(tx, { queue, after, last, now });
    return { queue, rows, more: taken < sizes.length };
  },
);

const findQueue = statement((tx: Tx<E2eeSchema>, p: Owner) =>
  tx.db
    .selectFrom('e2ee_queues')
    .select('id')
    .where('account', '=', p.account)
    .where('device', '=', p.device),
);

const findSizes = statement(
  (tx: Tx<E2eeSchema>, p: { queue: number; after: number; limit: number; now: number }) =>
    tx.db
      .selectFrom('e2ee_envelopes')
      .select(['sequence', 'size'])
      .where('queue', '=', p.queue)
      .where('sequence', '>', p.after)
      .where('acked_at', 'is', null)
      .where(({ or, eb }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', p.now)]))
      .orderBy('sequence')
      .limit(p.limit),
);

const findRows = statement(
  (tx: Tx<E2eeSchema>, p: { queue: number; after: number; last: number; now: number }) =>
    tx.db
      .selectFrom('e2ee_envelopes')
      .selectAll()
      .where('queue', '=', p.queue)
      .where('sequence', '>', p.after)
      .where('sequence', '<=', p.last)
      .where('acked_at', 'is', null)
      .where(({ or, eb }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', p.now)]))
      .orderBy('sequence'),
);
