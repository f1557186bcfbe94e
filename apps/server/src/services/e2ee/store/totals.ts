import { sql } from 'kysely';
import { defineQuery } from '../../../platform/sql/command.js';
import type { E2eeSchema } from './schema.js';

type Totals = { queues: number; waiting: number; waiting_bytes: number; longest: number; kept: number };

/** What lies in all queues. Looks at every queue. */
export const totals = defineQuery<E2eeSchema, null, Totals>(import.meta.url, 'totals', ({ db }) =>
  db
    .selectFrom('e2ee_queues')
    // PostgreSQL sums bigint to numeric.
    .select((eb) => [
      eb.fn.countAll<number>().as('queues'),
      sql<number>`cast(coalesce(sum(waiting), 0) as bigint)`.as('waiting'),
      sql<number>`cast(coalesce(sum(waiting_bytes), 0) as bigint)`.as('waiting_bytes'),
      sql<number>`cast(coalesce(max(waiting), 0) as bigint)`.as('longest'),
      sql<number>`cast(coalesce(sum(kept), 0) as bigint)`.as('kept'),
    ])
    .executeTakeFirstOrThrow(),
);
