import { byteKey } from '../../../platform/sql/byte-key.js';
import type { Tx } from '../../../platform/sql/command.js';
import type { IdentitySchema } from './schema.js';

type Use = { nullifier: Uint8Array; now: number };

/**
 * Records nullifiers. Answers the places of those that were first: of several with one key in a batch the first, and
 * of several servers the one whose row it is.
 */
export async function insertNullifiers(
  { db }: Tx<IdentitySchema>,
  uses: readonly Use[],
): Promise<Set<number>> {
  if (uses.length === 0) return new Set();
  const first = new Map<string, number>();
  for (const [place, { nullifier }] of uses.entries()) {
    const key = byteKey(nullifier);
    if (!first.has(key)) first.set(key, place);
  }
  // In the order of the keys, so that two servers do not wait for each other.
  const rows = [...first]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, place]) => {
      const use = uses[place];
      return use === undefined ? [] : { key: use.nullifier, recorded_at: use.now };
    });
  const inserted = await db
    .insertInto('identity_nullifiers')
    .values(rows)
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('key')
    .execute();
  return new Set(inserted.flatMap(({ key }) => first.get(byteKey(key)) ?? []));
}

/** Those keys that are on record, by {@link byteKey}. */
export async function usedNullifiers(
  { db }: Tx<IdentitySchema>,
  uses: readonly Pick<Use, 'nullifier'>[],
): Promise<Set<string>> {
  if (uses.length === 0) return new Set();
  const keys = uses.map(({ nullifier }) => nullifier);
  const rows = await db.selectFrom('identity_nullifiers').select('key').where('key', 'in', keys).execute();
  return new Set(rows.map(({ key }) => byteKey(key)));
}
