import { byteKey } from '../../../platform/sql/byte-key.js';
import { defineQuery, type Tx } from '../../../platform/sql/command.js';
import { fieldText } from '../rules/field-bytes.js';
import { type AskRoots, standingRoots } from './roots.js';
import type { IdentitySchema } from './schema.js';

/** Which of these roots are valid now, as they stand on the wire. */
export const askRoots = defineQuery<IdentitySchema, AskRoots & { roots: readonly Uint8Array[] }, string[]>(
  import.meta.url,
  'askRoots',
  async (tx, { roots, ...at }) => (await standingRoots(tx, roots, at)).map(fieldText),
);

/**
 * Those of the claims that somebody attested here and nobody does any more: all their attestations on record were
 * revoked or have expired. A claim that is not on record was attested elsewhere. What a revoked attester attested
 * counts for neither: its roots have ended, and it must not hide that the others revoked theirs.
 */
export async function lapsedClaims(
  { db }: Tx<IdentitySchema>,
  claims: readonly Uint8Array[],
  now: number,
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('identity_attestations')
    .innerJoin('identity_attesters', 'identity_attesters.place', 'identity_attestations.attester')
    .select('claim')
    .select((eb) =>
      eb.fn
        .max(
          eb
            .case()
            .when(
              eb.and([
                eb('identity_attestations.revoked_at', 'is', null),
                eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]),
              ]),
            )
            .then(1)
            .else(0)
            .end(),
        )
        .as('holds'),
    )
    .where('claim', 'in', claims)
    .where('identity_attesters.revoked_at', 'is', null)
    .groupBy('claim')
    .execute();
  return new Set(rows.filter(({ holds }) => Number(holds) === 0).map(({ claim }) => byteKey(claim)));
}
