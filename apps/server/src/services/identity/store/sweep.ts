import { defineCommand, defineQuery } from '../../../platform/sql/command.js';
import type { IdentitySchema } from './schema.js';

const DAY_MS = 86_400_000;

export type Sweep = { now: number; windowMs: number; limit: number };

/** Deletes what has had its time, at most `limit` of each kind; whether there may be more. */
export const sweep = defineCommand<IdentitySchema, Sweep, boolean>(
  import.meta.url,
  'sweep',
  async ({ db }, inputs) => {
    const outputs: boolean[] = [];
    for (const { now, windowMs, limit } of inputs) {
      const permits = await db
        .deleteFrom('identity_permits')
        .where('key', 'in', (eb) =>
          eb.selectFrom('identity_permits').select('key').where('expires_at', '<=', now).limit(limit),
        )
        .returning('key')
        .execute();
      // The audit trail knows them for ever.
      const roots = await db
        .deleteFrom('identity_roots')
        .where('number', 'in', (eb) =>
          eb
            .selectFrom('identity_roots')
            .select('number')
            .where('superseded_at', '<=', now - windowMs - DAY_MS)
            .orderBy('number')
            .limit(limit),
        )
        .returning('number')
        .execute();
      outputs.push(Math.max(permits.length, roots.length) === limit);
    }
    return outputs;
  },
);

/** How much there is of what is kept for ever. */
export const census = defineQuery<IdentitySchema, null, { attestations: number; nullifiers: number }>(
  import.meta.url,
  'census',
  async ({ db }) => {
    const count = async (table: 'identity_attestations' | 'identity_nullifiers') => {
      const { rows } = await db
        .selectFrom(table)
        .select((eb) => eb.fn.countAll<number>().as('rows'))
        .executeTakeFirstOrThrow();
      return rows;
    };
    return {
      attestations: await count('identity_attestations'),
      nullifiers: await count('identity_nullifiers'),
    };
  },
);
