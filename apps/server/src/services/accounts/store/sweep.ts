import { defineCommand } from '../../../platform/sql/command.js';
import { MAX_TOKEN_AGE_MS } from '../rules/lifetime.js';
import type { AccountsSchema } from './schema.js';

/** Rows deleted at once: a transaction that others wait for. */
const AT_ONCE = 500;
/** A server whose clock is late must not take a token that another has forgotten. */
const MARGIN_MS = 3_600_000;

/** Deletes what speaks of tokens that have ended by themselves. Answers whether there may be more. */
export const sweep = defineCommand<AccountsSchema, { now: number }, boolean>(
  import.meta.url,
  'sweep',
  async ({ db }, inputs) => {
    const outputs: boolean[] = [];
    for (const { now } of inputs) {
      const revocations = await db
        .deleteFrom('account_revocations')
        .where('token', 'in', (eb) =>
          eb
            .selectFrom('account_revocations')
            .select('token')
            .where('expires_at', '<=', now - MARGIN_MS)
            .limit(AT_ONCE),
        )
        .returning('token')
        .execute();
      const endings = await db
        .deleteFrom('account_endings')
        .where('account', 'in', (eb) =>
          eb
            .selectFrom('account_endings')
            .select('account')
            .where('revoked_at', '<=', now - MAX_TOKEN_AGE_MS - MARGIN_MS)
            .limit(AT_ONCE),
        )
        .returning('account')
        .execute();
      outputs.push(Math.max(revocations.length, endings.length) === AT_ONCE);
    }
    return outputs;
  },
);
