import type { TrackName } from '@blindpost/protocol/pool';
import type { Tx } from '../../../platform/sql/command.js';
import { clampBits } from '../rules/bits.js';
import { issue, type RoundParams } from '../rules/issue.js';
import { type Difficulty, type Ending, retarget, untried } from '../rules/retarget.js';
import type { PoolSchema } from './schema.js';

/** What a round is opened with; the entropy, in hex, makes its challenge, seed and program. */
export type NewRound = { track: TrackName; id: Uint8Array; entropy: string };

/** Opens a round of a track that has none open. Only for who holds the ledger. */
export async function openRound(
  { db }: Tx<PoolSchema>,
  { track, id, entropy }: NewRound,
  now: number,
): Promise<void> {
  const known = await db
    .selectFrom('pool_tracks')
    .select('bits')
    .where('track', '=', track)
    .executeTakeFirst();
  // Held against the rules of today: a newer server may ask for more than what was written down.
  const bits = clampBits(track, known?.bits ?? untried(track).bits);
  if (known === undefined) {
    await db
      .insertInto('pool_tracks')
      .values({ track, ...untried(track), won: 0 })
      .execute();
  }
  const params = JSON.stringify(issue(track, bits, entropy));
  await db
    .insertInto('pool_rounds')
    .values({ id, track, params, bits, status: 'open', issued_at: now, locks: 0 })
    .execute();
}

/** After a round was closed or expired: frees its miners, and lets the next round's bits follow from it. */
export async function endRound(
  { db }: Tx<PoolSchema>,
  round: { id: Uint8Array; track: TrackName; bits: number },
  ending: Ending,
  targetMs: number,
): Promise<void> {
  await db.deleteFrom('pool_locks').where('round', '=', round.id).execute();
  const { track, bits } = round;
  const { won, ...known } = await db
    .selectFrom('pool_tracks')
    .select(['work', 'time', 'won'])
    .where('track', '=', track)
    .executeTakeFirstOrThrow();
  const next: Difficulty = retarget(track, { ...known, bits }, ending, targetMs);
  await db
    .updateTable('pool_tracks')
    .set({ ...next, won: won + (ending.solved ? 1 : 0) })
    .where('track', '=', track)
    .execute();
}

/** Opens a round for each of these tracks that has none. Only for who holds the ledger. */
export async function openMissing(
  tx: Tx<PoolSchema>,
  rounds: readonly NewRound[],
  now: number,
): Promise<void> {
  const open = await tx.db.selectFrom('pool_rounds').select('track').where('status', '=', 'open').execute();
  for (const round of rounds) {
    if (!open.some(({ track }) => track === round.track)) await openRound(tx, round, now);
  }
}

/** What {@link openRound} wrote down. */
export function parseParams(json: string): RoundParams {
  return JSON.parse(json);
}
