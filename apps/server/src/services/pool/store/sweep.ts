import { defineCommand } from '../../../platform/sql/command.js';
import { Ledger } from './ledger.js';
import type { PoolSchema } from './schema.js';

/** So long a winner may ask again how it went. */
const KEEP_MS = 30 * 24 * 3_600_000;
/** Rounds deleted at once: a transaction that others wait for. */
const AT_ONCE = 500;

/** Deletes rounds that were over long ago; the entries about them stay. Answers how many. */
export const sweep = defineCommand<PoolSchema, { now: number }, number>(
  import.meta.url,
  'sweep',
  async (tx, inputs) => {
    const outputs: number[] = [];
    for (const { now } of inputs) {
      const old = await tx.db
        .selectFrom('pool_rounds')
        .select('id')
        .where('closed_at', '<=', now - KEEP_MS)
        .limit(AT_ONCE)
        .execute();
      if (old.length > 0) {
        await Ledger.open(tx);
        await tx.db
          .deleteFrom('pool_rounds')
          .where(
            'id',
            'in',
            old.map(({ id }) => id),
          )
          .execute();
      }
      outputs.push(old.length);
    }
    return outputs;
  },
);
