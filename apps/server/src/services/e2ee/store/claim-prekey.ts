import { defineCommand, type Tx } from '../../../platform/sql/command.js';
import { type ClaimCaps, mayClaim } from '../rules/claim.js';
import { lockQueues, type Owner, ownerKey } from './queue.js';
import type { BundlesTable, E2eeSchema } from './schema.js';

const HOUR_MS = 3_600_000;
/** Within it a repeated request gets the key it got before. */
const REPEAT_MS = 60_000;

export type ClaimPreKey = {
  target: Owner;
  /** 16 bytes that say the same requester, its device and the target. */
  pair: Uint8Array;
  /** Always another one, even within the minute. */
  fresh: boolean;
  caps: ClaimCaps;
  now: number;
};

export type PreKeyRow = { key_id: number; public_key: Uint8Array };

/** The bundle and the prekey taken with it; `taken` when it was taken by this very request. */
export type Claimed = { bundle: BundlesTable; preKey: PreKeyRow | null; taken: boolean };

/** Hands out a bundle with a one-time prekey that nobody else gets. Null when there is no bundle. */
export const claimPreKey = defineCommand<E2eeSchema, ClaimPreKey, Claimed | null>(
  import.meta.url,
  'claimPreKey',
  async (tx, inputs) => {
    const queues = await lockQueues(
      tx,
      inputs.map(({ target }) => target),
    );
    const outputs: (Claimed | null)[] = [];
    for (const input of inputs) {
      const queue = queues.get(ownerKey(input.target));
      outputs.push(queue === undefined ? null : await claim(tx, queue.id, input));
    }
    return outputs;
  },
);

async function claim(
  { db }: Tx<E2eeSchema>,
  queue: number,
  { pair, fresh, caps, now }: ClaimPreKey,
): Promise<Claimed | null> {
  const bundle = await db
    .selectFrom('e2ee_bundles')
    .selectAll()
    .where('queue', '=', queue)
    .executeTakeFirst();
  if (bundle === undefined) return null;
  const own = await db
    .selectFrom('e2ee_claims')
    .select(['key_id', 'public_key', 'claimed_at'])
    .where('pair', '=', pair)
    .where('claimed_at', '>', now - HOUR_MS)
    .orderBy('claimed_at', 'desc')
    .execute();
  const last = own[0];
  if (!fresh && last !== undefined && last.claimed_at > now - REPEAT_MS) {
    return { bundle, preKey: { key_id: last.key_id, public_key: last.public_key }, taken: false };
  }
  const { target } = await db
    .selectFrom('e2ee_claims')
    .select(({ fn }) => fn.countAll<number>().as('target'))
    .where('queue', '=', queue)
    .where('claimed_at', '>', now - HOUR_MS)
    .executeTakeFirstOrThrow();
  const none = { bundle, preKey: null, taken: false };
  if (!mayClaim({ target, pair: own.length }, caps)) return none;
  const preKey = await db
    .selectFrom('e2ee_prekeys')
    .select(['key_id', 'public_key'])
    .where('queue', '=', queue)
    .where('spent', '=', 0)
    .orderBy('key_id')
    .limit(1)
    .executeTakeFirst();
  if (preKey === undefined) return none;
  await db
    .updateTable('e2ee_prekeys')
    .set({ spent: 1 })
    .where('queue', '=', queue)
    .where('epoch', '=', bundle.epoch)
    .where('key_id', '=', preKey.key_id)
    .execute();
  const counts = { stock: bundle.stock - 1, spent: bundle.spent + 1 };
  await db.updateTable('e2ee_bundles').set(counts).where('queue', '=', queue).execute();
  await db
    .insertInto('e2ee_claims')
    .values({ queue, pair, claimed_at: now, ...preKey })
    .execute();
  return { bundle: { ...bundle, ...counts }, preKey, taken: true };
}
