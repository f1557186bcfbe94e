import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { bulk } from '../../../platform/sql/bulk.js';
import { defineCommand, type Tx } from '../../../platform/sql/command.js';
import { type KnownPreKey, type PreKey, takeIn } from '../rules/stock.js';
import { insertQueue } from './open-queue.js';
import { lockQueues, type Owner, ownerKey } from './queue.js';
import type { BundlesTable, E2eeSchema } from './schema.js';

/** What a device publishes of itself, without what the store counts. */
export type Published = Omit<BundlesTable, 'queue' | 'epoch' | 'stock' | 'spent' | 'floor'>;

export type UploadKeys = {
  owner: Owner;
  bundle: Published;
  preKeys: readonly PreKey[];
  /** One-time prekeys that may be kept to be handed out, and those handed out that are remembered. */
  limits: { stock: number; spent: number };
};

export type Uploaded =
  | { status: 'ok'; bundle: Published; stored: number; remaining: number }
  | { status: 'conflict'; item: number }
  | { status: 'overstock' };

/**
 * Replaces the device's bundle and adds its one-time prekeys. Another identity key drops those of the one before
 * that were not handed out.
 */
export const uploadKeys = defineCommand<E2eeSchema, UploadKeys, Uploaded>(
  import.meta.url,
  'uploadKeys',
  async (tx, inputs) => {
    const outputs: Uploaded[] = [];
    for (const input of inputs) outputs.push(await upload(tx, input));
    return outputs;
  },
);

async function upload(tx: Tx<E2eeSchema>, { owner, bundle, preKeys, limits }: UploadKeys): Promise<Uploaded> {
  await insertQueue(tx, owner);
  const queue = (await lockQueues(tx, [owner])).get(ownerKey(owner))?.id;
  if (queue === undefined) throw new Error('the queue that was just made is not there');
  const before = await tx.db
    .selectFrom('e2ee_bundles')
    .selectAll()
    .where('queue', '=', queue)
    .executeTakeFirst();
  const renewed = before !== undefined && Buffer.compare(before.identity_key, bundle.identity_key) !== 0;
  const epoch = (before?.epoch ?? 0) + (renewed ? 1 : 0);
  const floor = renewed ? -1 : (before?.floor ?? -1);
  const stock = renewed ? 0 : (before?.stock ?? 0);

  const wanted = preKeys.map((preKey) => ({ queue, epoch, ...preKey, digest: digestOf(preKey) }));
  const known = await findKnown(tx, wanted);
  // Those that this upload drops are not known to the ones it brings.
  const standing = known
    .map((row) => ({ ...row, current: row.epoch === epoch }))
    .filter(({ current, spent }) => current || spent === 1);
  const intake = takeIn(preKeys, standing, { floor, room: limits.stock - stock });
  if (!intake.ok) {
    return intake.reason === 'conflict' ? { status: 'conflict', item: intake.item } : { status: 'overstock' };
  }
  if (renewed) {
    await tx.db.deleteFrom('e2ee_prekeys').where('queue', '=', queue).where('spent', '=', 0).execute();
    // Whoever asks again within the minute must not get a key of the identity before.
    await tx.db.deleteFrom('e2ee_claims').where('queue', '=', queue).execute();
  }
  const fresh = new Set(intake.fresh);
  const added = wanted.filter((_, item) => {
    const preKey = preKeys[item];
    return preKey !== undefined && fresh.has(preKey);
  });
  await insertPreKeys(tx, added);
  const forgotten = await forgetSpent(tx, { queue, epoch, spent: before?.spent ?? 0, bound: limits.spent });
  const published = {
    ...bundle,
    id: before?.id ?? bundle.id,
    created_at: before?.created_at ?? bundle.created_at,
  };
  const row = {
    ...published,
    epoch,
    stock: stock + intake.fresh.length,
    spent: (before?.spent ?? 0) - forgotten.count,
    floor: Math.max(floor, forgotten.floor),
  };
  await tx.db
    .insertInto('e2ee_bundles')
    .values({ queue, ...row })
    .onConflict((conflict) => conflict.column('queue').doUpdateSet(row))
    .execute();
  return { status: 'ok', bundle: published, stored: intake.fresh.length, remaining: row.stock };
}

function digestOf({ publicKey }: PreKey): Uint8Array {
  return Uint8Array.from(createHash('sha256').update(publicKey).digest());
}

type Wanted = { queue: number; epoch: number; keyId: number; publicKey: Uint8Array; digest: Uint8Array };
type KnownRow = Omit<KnownPreKey, 'current'> & { epoch: number };

const findKnown = bulk<E2eeSchema, Wanted, KnownRow>(
  (tx, p) =>
    tx.db
      .selectFrom('e2ee_prekeys')
      .select(['epoch', 'key_id', 'public_key', 'spent'])
      .where('queue', '=', p.queue)
      .where(({ or, and, eb }) =>
        or([and([eb('epoch', '=', p.epoch), eb('key_id', '=', p.keyId)]), eb('digest', '=', p.digest)]),
      ),
  (wanted) => sql<KnownRow>`
    select k.epoch, k.key_id, k.public_key, k.spent
    from unnest(
      ${wanted.map(({ queue }) => queue)}::bigint[],
      ${wanted.map(({ epoch }) => epoch)}::bigint[],
      ${wanted.map(({ keyId }) => keyId)}::bigint[],
      ${wanted.map(({ digest }) => digest)}::bytea[]) as w (queue, epoch, key_id, digest)
    join e2ee_prekeys k on k.queue = w.queue
      and ((k.epoch = w.epoch and k.key_id = w.key_id) or k.digest = w.digest)`,
);

const insertPreKeys = bulk<E2eeSchema, Wanted>(
  (tx, p) =>
    tx.db.insertInto('e2ee_prekeys').values({
      queue: p.queue,
      epoch: p.epoch,
      key_id: p.keyId,
      public_key: p.publicKey,
      digest: p.digest,
      spent: 0,
    }),
  (rows) => sql`
    insert into e2ee_prekeys (queue, epoch, key_id, public_key, digest, spent)
    select queue, epoch, key_id, public_key, digest, 0 from unnest(
      ${rows.map(({ queue }) => queue)}::bigint[],
      ${rows.map(({ epoch }) => epoch)}::bigint[],
      ${rows.map(({ keyId }) => keyId)}::bigint[],
      ${rows.map(({ publicKey }) => publicKey)}::bytea[],
      ${rows.map(({ digest }) => digest)}::bytea[]) as v (queue, epoch, key_id, public_key, digest)`,
);

/**
 * Forgets the oldest prekeys handed out beyond the bound. Ids of this epoch up to the last one forgotten count as
 * handed out from then on.
 */
async function forgetSpent(
  { db }: Tx<E2eeSchema>,
  { queue, epoch, spent, bound }: { queue: number; epoch: number; spent: number; bound: number },
): Promise<{ count: number; floor: number }> {
  if (spent <= bound) return { count: 0, floor: -1 };
  const oldest = await db
    .selectFrom('e2ee_prekeys')
    .select(['epoch', 'key_id'])
    .where('queue', '=', queue)
    .where('spent', '=', 1)
    .orderBy('epoch')
    .orderBy('key_id')
    .limit(spent - bound)
    .execute();
  for (const row of oldest) {
    await db
      .deleteFrom('e2ee_prekeys')
      .where('queue', '=', queue)
      .where('epoch', '=', row.epoch)
      .where('key_id', '=', row.key_id)
      .execute();
  }
  const ids = oldest.filter((row) => row.epoch === epoch).map(({ key_id }) => key_id);
  return { count: oldest.length, floor: Math.max(-1, ...ids) };
}
