import { defineQuery, type Tx } from '../../../platform/sql/command.js';
import { statement } from '../../../platform/sql/statement.js';
import type { Standing } from '../rules/standing.js';
import type { AccountsSchema } from './schema.js';

export type StandingOf = { account: Uint8Array; token: Uint8Array };

/** Everything that decides whether a token still holds. */
export const standing = defineQuery<AccountsSchema, StandingOf, Standing>(
  import.meta.url,
  'standing',
  async (tx, asked) => {
    const { rows } = await look(tx, asked);
    const [row] = rows;
    return {
      generation: row?.generation ?? null,
      keyed: (row?.key ?? null) !== null,
      revoked: (row?.revoked ?? null) !== null,
      endedAt: row?.ended ?? null,
    };
  },
);

const look = statement(({ db }: Tx<AccountsSchema>, p: StandingOf) =>
  db.selectNoFrom((eb) => [
    eb.selectFrom('accounts').select('generation').where('id', '=', p.account).as('generation'),
    eb.selectFrom('accounts').select('public_key').where('id', '=', p.account).as('key'),
    eb.selectFrom('account_revocations').select('expires_at').where('token', '=', p.token).as('revoked'),
    eb.selectFrom('account_endings').select('revoked_at').where('account', '=', p.account).as('ended'),
  ]),
);
