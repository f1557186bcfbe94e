import { byteKey } from '../../../platform/sql/byte-key.js';
import { defineCommand } from '../../../platform/sql/command.js';
import { insertNullifiers, usedNullifiers } from './nullifiers.js';
import type { IdentitySchema } from './schema.js';

export type Record = {
  nullifier: Uint8Array;
  /** What lets this caller do so, see `Names`. */
  permit: Uint8Array;
  now: number;
};

export type Recorded = 'recorded' | 'used' | 'unproven';

/** Records a nullifier without its proof, for whoever had the proof verified lately. */
export const record = defineCommand<IdentitySchema, Record, Recorded>(
  import.meta.url,
  'record',
  async (tx, inputs) => {
    const used = await usedNullifiers(tx, inputs);
    const permits = await tx.db
      .selectFrom('identity_permits')
      .select(['key', 'expires_at'])
      .where(
        'key',
        'in',
        inputs.map(({ permit }) => permit),
      )
      .execute();
    const until = new Map(permits.map(({ key, expires_at }) => [byteKey(key), expires_at]));
    const refused = inputs.map(({ nullifier, permit, now }) => {
      if (used.has(byteKey(nullifier))) return 'used';
      return (until.get(byteKey(permit)) ?? 0) > now ? null : 'unproven';
    });
    const places = inputs.flatMap((_, place) => (refused[place] === null ? place : []));
    const winners = await insertNullifiers(
      tx,
      inputs.filter((_, place) => refused[place] === null),
    );
    // Who was allowed and not the first met another, who was.
    return refused.map((why, place) => why ?? (winners.has(places.indexOf(place)) ? 'recorded' : 'used'));
  },
);
