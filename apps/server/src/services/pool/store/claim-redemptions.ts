import { defineCommand, type Tx } from '../../../platform/sql/command.js';
import { Ledger } from './ledger.js';
import type { PoolSchema } from './schema.js';

export type ClaimRedemptions = {
  now: number;
  /** Nobody else gets what is claimed for so long. */
  leaseMs: number;
  /** What was reserved so lately is left to the request that asked for it. */
  freshMs: number;
  limit: number;
  /** Only this one, if it is due; null = whatever is, longest due first. */
  id: Uint8Array | null;
};
export type ClaimedRedemption = { id: Uint8Array; code: string; quota: number; createdAtMs: number };

/**
 * Takes codes that are due for a try and marks them `issued`: from now on the gateway may know them, whatever is
 * heard of it. Whoever claims and dies loses them to another claim when the lease is over.
 */
export const claimRedemptions = defineCommand<PoolSchema, ClaimRedemptions, ClaimedRedemption[]>(
  import.meta.url,
  'claimRedemptions',
  async (tx, inputs) => {
    const outputs: ClaimedRedemption[][] = [];
    for (const input of inputs) outputs.push(await claim(tx, input));
    return outputs;
  },
);

async function claim(tx: Tx<PoolSchema>, input: ClaimRedemptions): Promise<ClaimedRedemption[]> {
  // Nothing is due most of the time; that is not worth the books.
  if ((await dueOf(tx, input)).length === 0) return [];
  await Ledger.open(tx);
  const rows = await dueOf(tx, input);
  if (rows.length === 0) return [];
  await tx.db
    .updateTable('pool_redemptions')
    .set((eb) => ({
      state: 'issued' as const,
      attempts: eb('attempts', '+', 1),
      next_try_at: input.now + input.leaseMs,
    }))
    .where(
      'id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute();
  return rows;
}

async function dueOf(
  { db }: Tx<PoolSchema>,
  { now, freshMs, limit, id }: ClaimRedemptions,
): Promise<ClaimedRedemption[]> {
  let due = db
    .selectFrom('pool_redemptions')
    .select(['id', 'code', 'quota', 'created_at as createdAtMs'])
    .where('next_try_at', '<=', now);
  if (id !== null) due = due.where('id', '=', id);
  else due = due.where((eb) => eb.or([eb('state', '!=', 'reserved'), eb('created_at', '<=', now - freshMs)]));
  return due.orderBy('next_try_at').limit(limit).execute();
}
