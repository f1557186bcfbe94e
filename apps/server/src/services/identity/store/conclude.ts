import { byteKey } from '../../../platform/sql/byte-key.js';
import { defineCommand, type Tx } from '../../../platform/sql/command.js';
import { insertNullifiers, usedNullifiers } from './nullifiers.js';
import { standingRoots } from './roots.js';
import type { IdentitySchema } from './schema.js';
import { lapsedClaims } from './standing.js';

/** A proof that holds by itself, before it is held against what is on record. */
export type Conclude = {
  root: Uint8Array;
  /** See `claimKey`. */
  claim: Uint8Array;
  /** See `nullifierKey`. */
  nullifier: Uint8Array;
  consume: boolean;
  /** Lets the caller record the nullifier without the proof until then; null where it cannot be needed. */
  permit: { key: Uint8Array; expiresAt: number } | null;
  now: number;
  windowMs: number;
};

export type Concluded =
  | { status: 'root_mismatch' }
  | { status: 'attestation_revoked' }
  /** `recorded`: by this very step. */
  | { status: 'ok'; used: boolean; recorded: boolean };

/**
 * Decides on proofs in the moment of the transaction, which is after they were verified: a root that was ended
 * meanwhile, or a nullifier that another one used, counts.
 */
export const conclude = defineCommand<IdentitySchema, Conclude, Concluded>(
  import.meta.url,
  'conclude',
  async (tx, inputs) => {
    const standing = await standingSets(tx, inputs);
    const lapsed = await lapsedSets(tx, inputs);
    const fit = (input: Conclude): Concluded | null => {
      if (!standing.has(byteKey(input.root))) return { status: 'root_mismatch' };
      return lapsed.has(byteKey(input.claim)) ? { status: 'attestation_revoked' } : null;
    };
    const refused = inputs.map(fit);
    const sound = inputs.filter((_, place) => refused[place] === null);
    const consuming = inputs.flatMap(({ consume }, place) =>
      consume && refused[place] === null ? place : [],
    );
    const winners = await insertNullifiers(
      tx,
      sound.filter(({ consume }) => consume),
    );
    const used = await usedNullifiers(tx, sound);
    await permit(tx, sound);
    return inputs.map((input, place): Concluded => {
      const why = refused[place] ?? null;
      if (why !== null) return why;
      const recorded = winners.has(consuming.indexOf(place));
      return { status: 'ok', used: !recorded && used.has(byteKey(input.nullifier)), recorded };
    });
  },
);

/** All inputs of a batch come from one server and were made within moments: the first one's time is theirs. */
async function standingSets(tx: Tx<IdentitySchema>, inputs: readonly Conclude[]): Promise<Set<string>> {
  const [first] = inputs;
  if (first === undefined) return new Set();
  const roots = distinct(inputs.map(({ root }) => root));
  return new Set((await standingRoots(tx, roots, first)).map(byteKey));
}

async function lapsedSets(tx: Tx<IdentitySchema>, inputs: readonly Conclude[]): Promise<Set<string>> {
  const [first] = inputs;
  if (first === undefined) return new Set();
  return lapsedClaims(tx, distinct(inputs.map(({ claim }) => claim)), first.now);
}

async function permit({ db }: Tx<IdentitySchema>, inputs: readonly Conclude[]): Promise<void> {
  const permits = new Map<string, { key: Uint8Array; expires_at: number }>();
  for (const { permit } of inputs) {
    if (permit !== null) permits.set(byteKey(permit.key), { key: permit.key, expires_at: permit.expiresAt });
  }
  if (permits.size === 0) return;
  // In the order of the keys, so that two servers do not wait for each other.
  const rows = [...permits].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  await db
    .insertInto('identity_permits')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet((eb) => ({ expires_at: eb.ref('excluded.expires_at') })),
    )
    .execute();
}

function distinct(keys: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(keys.map((key) => [byteKey(key), key])).values()];
}
