import { defineQuery } from '../../../platform/sql/command.js';
import type { AccountsSchema } from './schema.js';

/** Those of the ids that no account has, in their order. */
export const missing = defineQuery<AccountsSchema, { ids: readonly Uint8Array[] }, Uint8Array[]>(
  import.meta.url,
  'missing',
  async ({ db }, { ids }) => {
    if (ids.length === 0) return [];
    const rows = await db.selectFrom('accounts').select('id').where('id', 'in', ids).execute();
    const known = new Set(rows.map(({ id }) => hex(id)));
    return ids.filter((id) => !known.has(hex(id)));
  },
);

function hex(id: Uint8Array): string {
  return Buffer.from(id).toString('hex');
}
