import type { Leaves } from '@blindpost/protocol/identity';
import { defineQuery } from '../../../platform/sql/command.js';
import { fieldText } from '../rules/field-bytes.js';
import { readHead } from './head.js';
import { leafPlace } from './nodes.js';
import type { IdentitySchema } from './schema.js';

/** Leaves after an index, in their order, and the root they are under. */
export const listLeaves = defineQuery<IdentitySchema, { after: number; take: number }, Leaves>(
  import.meta.url,
  'listLeaves',
  async (tx, { after, take }) => {
    const { root, leaves: size } = await readHead(tx);
    const rows = await tx.db
      .selectFrom('identity_nodes')
      .select(['place', 'value'])
      .where('place', '>', leafPlace(after))
      .where('place', '>=', leafPlace(0))
      .orderBy('place')
      .limit(take)
      .execute();
    const leaves = rows.map(({ place, value }) => ({ index: place - leafPlace(0), leaf: fieldText(value) }));
    return { leaves, size, root: fieldText(root) };
  },
);
