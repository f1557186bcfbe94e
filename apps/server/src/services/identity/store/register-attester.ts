import { attesterLeaf } from '@blindpost/zk/attester';
import { CAPACITY, setLeaf } from '@blindpost/zk/registry';
import { defineCommand, type Tx } from '../../../platform/sql/command.js';
import { fieldText } from '../rules/field-bytes.js';
import { pointOf } from '../rules/point-bytes.js';
import { appendAudit } from './audit.js';
import { countAttesters, type Head, lockHead, saveHead } from './head.js';
import { readSiblings } from './nodes.js';
import { advanceRoot } from './roots.js';
import type { IdentitySchema } from './schema.js';

export type NewAttester = {
  id: string;
  name: string;
  contact: string | null;
  publicKey: Uint8Array;
  typeMask: number;
  sealedKey: string | null;
  apiKeyHash: Uint8Array;
  development: boolean;
  now: number;
  /** Attesters that may be approved at once. */
  limit: number;
};

export type Registered =
  | { status: 'ok'; place: number; root: Uint8Array }
  | { status: 'taken'; field: 'id' | 'publicKeyX' }
  | { status: 'full' };

/** Adds an attester: row, leaf, root and audit entry, or nothing of it. */
export const registerAttester = defineCommand<IdentitySchema, NewAttester, Registered>(
  import.meta.url,
  'registerAttester',
  async (tx, inputs) => {
    const head = await lockHead(tx);
    const outputs: Registered[] = [];
    for (const input of inputs) outputs.push(await register(tx, head, input));
    await saveHead(tx, head);
    return outputs;
  },
);

async function register(tx: Tx<IdentitySchema>, head: Head, input: NewAttester): Promise<Registered> {
  const { id, publicKey, typeMask, now } = input;
  const same = await tx.db
    .selectFrom('identity_attesters')
    .select(['id', 'revoked_at'])
    .where((eb) =>
      // A key that was revoked may have leaked: what it signed would hold again.
      eb.or([eb('public_key', '=', publicKey), eb.and([eb('id', '=', id), eb('revoked_at', 'is', null)])]),
    )
    .execute();
  if (same.length > 0) {
    const named = same.some((row) => row.id === id && row.revoked_at === null);
    return { status: 'taken', field: named ? 'id' : 'publicKeyX' };
  }
  const place = head.leaves;
  if (place >= CAPACITY || (await countAttesters(tx)) >= input.limit) return { status: 'full' };

  const leaf = attesterLeaf(pointOf(publicKey), typeMask);
  await advanceRoot(tx, head, setLeaf(await readSiblings(tx, place), place, leaf), now);
  head.leaves += 1;
  await tx.db
    .insertInto('identity_attesters')
    .values({
      place,
      id,
      name: input.name,
      contact: input.contact,
      public_key: publicKey,
      type_mask: typeMask,
      sealed_key: input.sealedKey,
      api_key_hash: input.apiKeyHash,
      development: input.development ? 1 : 0,
      since_root: head.rootNumber,
      created_at: now,
      revoked_at: null,
    })
    .execute();
  const details = { index: place, leaf: leaf.toString(), root: fieldText(head.root), typeMask };
  await appendAudit(tx, head, { at: now, event: 'attester_added', subject: id, details });
  return { status: 'ok', place, root: head.root };
}
