import type { Tx } from '../../../platform/sql/command.js';
import type { IdentitySchema } from './schema.js';
import { keyOf } from './standing.js';

type Use = { nullifier: Uint8Array; now: number };

/**
 * Records nullifiers. Answers those inputs that were first: of several with one key in a batch the first, and of
 * several servers the one whose row it is.
 */
export async function insertNullifiers<U extends Use>(
  { db }: Tx<IdentitySchema>,
  uses: readonly U[],
): Promise<Set<U>> {
  if (uses.length === 0) return new Set();
  const first = new Map<string, U>();
  for (const use of uses) {
    const key = keyOf(use.nullifier);
    if (!first.has(key)) first.set(key, use);
  }
  // In the order of the keys, so that two servers do not wait for each other.
  const rows = [...first]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { nullifier, now }]) => ({ key: nullifier, recorded_at: now }));
  const inserted = await db
    .insertInto('identity_nullifiers')
    .values(rows)
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('key')
    .execute();
  const winners = new Set<U>();
  for (const { key } of inserted) {
    const use = first.get(keyOf(key));
    if (use !== undefined) winners.add(use);
  }
  return winners;
}

/** Those keys that are on record, by {@link keyOf}. */
export async function usedNullifiers(
  { db }: Tx<IdentitySchema>,
  uses: readonly Pick<Use, 'nullifier'>[],
): Promise<Set<string>> {
  if (uses.length === 0) return new Set();
  const keys = uses.map(({ nullifier }) => nullifier);
  const rows = await db.selectFrom('identity_nullifiers').select('key').where('key', 'in', keys).execute();
  return new Set(rows.map(({ key }) => keyOf(key)));
}
