import type { TrackName } from '@blindpost/protocol/pool';
import { defineCommand, type Tx } from '../../../platform/sql/command.js';
import { uuidBytes, uuidText } from '../../../platform/sql/id.js';
import { transfer } from '../rules/ledger.js';
import { payout } from '../rules/refill.js';
import type { Terms } from '../rules/terms.js';
import { inLedger } from './ledger.js';
import { endRound, openRound } from './round.js';
import type { PoolSchema } from './schema.js';
import { utf8 } from './utf8.js';
import { type Won, wonBy } from './win.js';

/** A proof that was verified. */
export type Settle = {
  round: string;
  miner: Uint8Array;
  nonce: string;
  now: number;
  /** What the next round is opened with. */
  newRoundId: Uint8Array;
  entropy: string;
  terms: Terms;
};
export type Settled =
  /** `next` is null when this win was answered before; its round when the track gets no more. */
  | ({ status: 'win'; next: { track: TrackName; roundId: string | null } | null } & Won)
  | { status: 'too_late' };

/**
 * Closes the round for the first who solved it, pays, and opens the next, all or nothing. Everybody else is too
 * late, and so is who holds no lock on it: locks end with their round.
 */
export const settle = defineCommand<PoolSchema, Settle, Settled>(
  import.meta.url,
  'settle',
  inLedger(async (tx, ledger, input) => {
    const { miner, nonce, now, newRoundId, entropy, terms } = input;
    const id = uuidBytes(input.round);
    const round = id === null ? undefined : await find(tx, id, miner);
    if (round === undefined) return { status: 'too_late' };
    const before = wonBy(round, miner, nonce);
    if (before !== null) return { status: 'win', next: null, ...before };
    if (round.status !== 'open' || round.locked_at === null) return { status: 'too_late' };

    const balance = await ledger.refill(now, terms);
    const amount = payout(balance, terms.payoutPercent);
    const won: Won = {
      payout: amount,
      poolBalance: balance - amount,
      solveMs: Math.max(0, now - round.locked_at),
    };
    if (!(await close(tx, round.id, { miner, nonce, now, won }))) return { status: 'too_late' };
    const paid = await ledger.post(transfer('payout', miner, amount), round.id, now);
    if (!paid) throw new Error('the pool does not cover its own share');

    const { track } = round;
    const workedMs = now - (round.held_since ?? now);
    await endRound(tx, round, { solved: true, workedMs }, terms.targetMs);
    const goesOn = (terms.weights[track] ?? 0) > 0;
    if (goesOn) await openRound(tx, { track, id: newRoundId, entropy }, now);
    return { status: 'win', next: { track, roundId: goesOn ? uuidText(newRoundId) : null }, ...won };
  }),
);

async function find({ db }: Tx<PoolSchema>, id: Uint8Array, miner: Uint8Array) {
  return db
    .selectFrom('pool_rounds as round')
    .leftJoin('pool_locks as lock', (join) =>
      join.onRef('lock.round', '=', 'round.id').on('lock.miner', '=', miner),
    )
    .selectAll('round')
    .select('lock.issued_at as locked_at')
    .where('round.id', '=', id)
    .executeTakeFirst();
}

/** The one conditional update that decides who is first. */
async function close(
  { db }: Tx<PoolSchema>,
  id: Uint8Array,
  { miner, nonce, now, won }: { miner: Uint8Array; nonce: string; now: number; won: Won },
): Promise<boolean> {
  const closed = await db
    .updateTable('pool_rounds')
    .set({
      status: 'closed',
      closed_at: now,
      winner: miner,
      nonce: utf8.encode(nonce),
      payout: won.payout,
      balance_after: won.poolBalance,
      solve_ms: won.solveMs,
    })
    .where('id', '=', id)
    .where('status', '=', 'open')
    .returning('id')
    .executeTakeFirst();
  return closed !== undefined;
}
