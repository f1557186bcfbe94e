import type { RedemptionState } from '@blindpost/protocol/pool';
import { defineCommand, type Tx } from '../../../platform/sql/command.js';
import { transfer } from '../rules/ledger.js';
import { quota } from '../rules/quota.js';
import { inLedger } from './ledger.js';
import type { PoolSchema } from './schema.js';

export type Redeem = {
  miner: Uint8Array;
  /** Null = the whole balance. */
  amount: number | null;
  quotaPerUnit: number;
  /** 32 lower-case hex. */
  code: string;
  key: Uint8Array | null;
  id: Uint8Array;
  now: number;
};
export type Redeemed =
  | { status: 'ok'; id: Uint8Array; code: string; quota: number; amount: number; state: RedemptionState }
  | { status: 'insufficient' }
  /** No code can carry the amount: it is too small, or absurdly large. */
  | { status: 'no_quota' }
  /** The key was used for another amount. */
  | { status: 'mismatch' };

/** Takes the amount off the balance and reserves a code for it, due for delivery at once. */
export const redeem = defineCommand<PoolSchema, Redeem, Redeemed>(
  import.meta.url,
  'redeem',
  inLedger(async (tx, ledger, input) => {
    const { miner, code, key, id, now } = input;
    const first = key === null ? undefined : await byKey(tx, key);
    if (first !== undefined) {
      const { asked, ...answer } = first;
      return asked === input.amount ? { status: 'ok', ...answer } : { status: 'mismatch' };
    }
    const amount = input.amount ?? (await balanceOf(tx, miner));
    if (amount === 0) return { status: 'insufficient' };
    const carried = quota(amount, input.quotaPerUnit);
    if (carried === null) return { status: 'no_quota' };
    if (!(await ledger.post(transfer('redemption', miner, amount), id, now))) {
      return { status: 'insufficient' };
    }
    const answer = { id, code, quota: carried, amount, state: 'reserved' as const };
    await tx.db
      .insertInto('pool_redemptions')
      .values({ ...answer, miner, asked: input.amount, created_at: now, attempts: 0, next_try_at: now, key })
      .execute();
    return { status: 'ok', ...answer };
  }),
);

async function byKey({ db }: Tx<PoolSchema>, key: Uint8Array) {
  return db
    .selectFrom('pool_redemptions')
    .select(['id', 'code', 'quota', 'amount', 'state', 'asked'])
    .where('key', '=', key)
    .executeTakeFirst();
}

async function balanceOf({ db }: Tx<PoolSchema>, miner: Uint8Array): Promise<number> {
  const row = await db
    .selectFrom('pool_accounts')
    .select('balance')
    .where('id', '=', miner)
    .executeTakeFirst();
  return row?.balance ?? 0;
}
