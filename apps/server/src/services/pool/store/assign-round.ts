import type { TrackName } from '@blindpost/protocol/pool';
import { defineCommand, type Tx } from '../../../platform/sql/command.js';
import { uuidText } from '../../../platform/sql/id.js';
import { assign } from '../rules/assignment.js';
import type { RoundParams } from '../rules/issue.js';
import { Ledger } from './ledger.js';
import { parseParams } from './round.js';
import type { PoolSchema } from './schema.js';

export type AssignRound = {
  miner: Uint8Array;
  /** 32 bytes, blinded. */
  address: Uint8Array;
  now: number;
  /** Uniform in [0, 1). */
  draw: number;
  weights: Record<string, number>;
  /** Locks at once: of all miners, and of those behind one address. */
  limits: { locks: number; perAddress: number };
};
export type AssignedRound =
  /** `issuedAt`: when this miner got it. */
  | { status: 'assigned'; round: { id: string; track: TrackName; params: RoundParams; issuedAt: number } }
  | { status: 'full'; scope: 'address' | 'all' }
  /** No round is open. */
  | { status: 'none' };

/**
 * Answers the open round that the miner's lock points to; who has none gets one. Locks end with their round, so
 * that there is none to a round that is over. Reads and writes for the whole batch at once: when a round ends,
 * all its miners ask again in the same moment.
 */
export const assignRound = defineCommand<PoolSchema, AssignRound, AssignedRound>(
  import.meta.url,
  'assignRound',
  async (tx, inputs) => {
    const before = await heldBy(tx, inputs);
    if (inputs.every(({ miner }) => before.has(hex(miner)))) {
      return inputs.map(({ miner }) => assigned(before.get(hex(miner)) ?? null));
    }
    await Ledger.open(tx);
    return assignAll(tx, inputs);
  },
);

/** A round as a miner holds it. */
type Held = { id: Uint8Array; track: TrackName; params: string; issuedAt: number };

async function heldBy({ db }: Tx<PoolSchema>, inputs: readonly AssignRound[]): Promise<Map<string, Held>> {
  const rows = await db
    .selectFrom('pool_locks as lock')
    .innerJoin('pool_rounds as round', 'round.id', 'lock.round')
    .select(['lock.miner', 'round.id', 'round.track', 'round.params', 'lock.issued_at as issuedAt'])
    .where(
      'lock.miner',
      'in',
      inputs.map(({ miner }) => miner),
    )
    .execute();
  return new Map(rows.map(({ miner, ...held }) => [hex(miner), held]));
}

async function assignAll(tx: Tx<PoolSchema>, inputs: readonly AssignRound[]): Promise<AssignedRound[]> {
  const { db } = tx;
  const held = await heldBy(tx, inputs);
  const open = await db
    .selectFrom('pool_rounds')
    .select(['id', 'track', 'params', 'locks'])
    .where('status', '=', 'open')
    .orderBy('id')
    .execute();
  let all = open.reduce((sum, { locks }) => sum + locks, 0);
  const perAddress = await locksOf(tx, inputs);

  const locks: PoolSchema['pool_locks'][] = [];
  const outputs = inputs.map(({ miner, address, now, draw, weights, limits }): AssignedRound => {
    const known = held.get(hex(miner));
    if (known !== undefined) return assigned(known);
    const ofAddress = perAddress.get(hex(address)) ?? 0;
    if (ofAddress >= limits.perAddress) return { status: 'full', scope: 'address' };
    if (all >= limits.locks) return { status: 'full', scope: 'all' };
    const round = assign(open, weights, draw);
    if (round === null) return { status: 'none' };
    const { id, track, params } = round;
    const fresh = { id, track, params, issuedAt: now };
    locks.push({ miner, address, round: id, issued_at: now });
    held.set(hex(miner), fresh);
    perAddress.set(hex(address), ofAddress + 1);
    all += 1;
    return assigned(fresh);
  });

  if (locks.length > 0) await db.insertInto('pool_locks').values(locks).execute();
  for (const { id } of open) {
    const added = locks.filter(({ round }) => round === id);
    const [first] = added;
    if (first === undefined) continue;
    await db
      .updateTable('pool_rounds')
      .set((eb) => ({
        locks: eb('locks', '+', added.length),
        held_since: eb.fn.coalesce('held_since', eb.val(first.issued_at)),
      }))
      .where('id', '=', id)
      .execute();
  }
  return outputs;
}

async function locksOf({ db }: Tx<PoolSchema>, inputs: readonly AssignRound[]): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('pool_locks')
    .select((eb) => ['address', eb.fn.countAll<number>().as('count')])
    .where(
      'address',
      'in',
      inputs.map(({ address }) => address),
    )
    .groupBy('address')
    .execute();
  return new Map(rows.map(({ address, count }) => [hex(address), count]));
}

function assigned(held: Held | null): AssignedRound {
  if (held === null) return { status: 'none' };
  const { id, track, params, issuedAt } = held;
  return { status: 'assigned', round: { id: uuidText(id), track, params: parseParams(params), issuedAt } };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
