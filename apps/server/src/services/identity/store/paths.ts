import type { AttesterProof } from '@blindpost/protocol/identity';
import { attesterLeaf } from '@blindpost/zk/attester';
import { defineQuery } from '../../../platform/sql/command.js';
import { fieldText } from '../rules/field-bytes.js';
import { pointOf } from '../rules/point-bytes.js';
import { readHead } from './head.js';
import { readPath } from './nodes.js';
import type { IdentitySchema } from './schema.js';

/** Path and leaf of an approved attester, and the root they lead to, at one moment. */
export const attesterProof = defineQuery<IdentitySchema, { id: string }, AttesterProof | null>(
  import.meta.url,
  'attesterProof',
  async (tx, { id }) => {
    const attester = await tx.db
      .selectFrom('identity_attesters')
      .select(['place', 'public_key', 'type_mask'])
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    if (attester === undefined) return null;
    const { place, public_key, type_mask } = attester;
    const { root } = await readHead(tx);
    return {
      attesterId: id,
      index: place,
      leaf: attesterLeaf(pointOf(public_key), type_mask).toString(),
      ...(await readPath(tx, place)),
      root: fieldText(root),
    };
  },
);
