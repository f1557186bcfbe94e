import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { PoolChallenge } from '@blindpost/protocol/pool';
import type { Miner } from '../miners/miner.js';
import type { Pool } from '../pool.js';
import { assignRound } from '../store/assign-round.js';

/** Seconds until a full house is worth another try: rounds end, and their locks with them. */
const RETRY_AFTER = 30;

/** The round this miner's lock points to while it is open; otherwise a new lock on a round drawn by weight. */
export async function challenge(
  pool: Pool,
  miner: Miner,
): Promise<{ ok: true; challenge: PoolChallenge } | Refusal> {
  const { POOL_TRACK_WEIGHTS, POOL_LIMIT_LOCKS, POOL_LIMIT_LOCKS_PER_ADDRESS } = pool.settings;
  const assigned = await pool.db.write(assignRound, {
    miner: miner.id,
    address: pool.identities.blindAddress(miner.address),
    now: pool.clock.now(),
    draw: pool.random.uniform(0, 1),
    weights: Object.fromEntries(POOL_TRACK_WEIGHTS),
    limits: { locks: POOL_LIMIT_LOCKS, perAddress: POOL_LIMIT_LOCKS_PER_ADDRESS },
  });
  if (assigned.status === 'full') {
    const code = assigned.scope === 'address' ? 'rate_limit_exceeded' : 'unavailable';
    return refuse(
      code,
      { retryAfter: RETRY_AFTER, scope: assigned.scope },
      'Too many miners hold a challenge.',
    );
  }
  if (assigned.status === 'none') return refuse('unavailable', { retryAfter: RETRY_AFTER });
  const { track, id, params, issuedAt } = assigned.round;
  return { ok: true, challenge: { track, round_id: id, params, issued_at_ms: issuedAt } };
}
