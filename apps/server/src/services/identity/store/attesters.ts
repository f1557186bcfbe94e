import { defineQuery } from '../../../platform/sql/command.js';
import type { IdentitySchema } from './schema.js';

/** An approved attester, its secrets sealed or hashed. */
export type AttesterRow = IdentitySchema['identity_attesters'];

/** Approved attesters after a place, in the order of their places. */
export const listAttesters = defineQuery<IdentitySchema, { after: number; take: number }, AttesterRow[]>(
  import.meta.url,
  'listAttesters',
  ({ db }, { after, take }) =>
    db
      .selectFrom('identity_attesters')
      .selectAll()
      .where('place', '>', after)
      .where('revoked_at', 'is', null)
      .orderBy('place')
      .limit(take)
      .execute(),
);

/** The approved attester of an id. */
export const attesterById = defineQuery<IdentitySchema, { id: string }, AttesterRow | null>(
  import.meta.url,
  'attesterById',
  async ({ db }, { id }) => {
    const row = await db
      .selectFrom('identity_attesters')
      .selectAll()
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    return row ?? null;
  },
);

/** The approved attester of an API key, by the key's hash. */
export const attesterByKey = defineQuery<IdentitySchema, { apiKeyHash: Uint8Array }, AttesterRow | null>(
  import.meta.url,
  'attesterByKey',
  async ({ db }, { apiKeyHash }) => {
    const row = await db
      .selectFrom('identity_attesters')
      .selectAll()
      .where('api_key_hash', '=', apiKeyHash)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    return row ?? null;
  },
);
