import { defineCommand } from '../../../platform/sql/command.js';
import { uuidText } from '../../../platform/sql/id.js';
import { transfer } from '../rules/ledger.js';
import { inLedger } from './ledger.js';
import type { PoolSchema } from './schema.js';
import { sameBytes, utf8 } from './utf8.js';

export type Withdraw = {
  miner: Uint8Array;
  amount: number;
  destination: string;
  /** 16 bytes; whoever repeats the request with it gets the first answer again. */
  key: Uint8Array | null;
  id: Uint8Array;
  now: number;
};
export type Withdrawn =
  | { status: 'ok'; id: string }
  | { status: 'insufficient' }
  /** The key was used for another amount or destination. */
  | { status: 'mismatch' };

/** Takes the amount off the balance and writes the request down. */
export const withdraw = defineCommand<PoolSchema, Withdraw, Withdrawn>(
  import.meta.url,
  'withdraw',
  inLedger(async ({ db }, ledger, { miner, amount, destination, key, id, now }) => {
    const first =
      key === null
        ? undefined
        : await db
            .selectFrom('pool_withdrawals')
            .select(['id', 'amount', 'destination'])
            .where('key', '=', key)
            .executeTakeFirst();
    if (first !== undefined) {
      const same = first.amount === amount && sameBytes(first.destination, utf8.encode(destination));
      return same ? { status: 'ok', id: uuidText(first.id) } : { status: 'mismatch' };
    }
    if (!(await ledger.post(transfer('withdrawal', miner, amount), id, now))) {
      return { status: 'insufficient' };
    }
    const bytes = utf8.encode(destination);
    const row = { id, miner, amount, destination: bytes, status: 'pending' as const, created_at: now, key };
    await db.insertInto('pool_withdrawals').values(row).execute();
    return { status: 'ok', id: uuidText(id) };
  }),
);
