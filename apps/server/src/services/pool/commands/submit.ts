import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { MAX_NONCE_BYTES, type Submit, type SubmitAnswer } from '@blindpost/protocol/pool';
import type { Miner } from '../miners/miner.js';
import type { Pool } from '../pool.js';
import { fresh } from '../rounds/fresh.js';
import { lookup } from '../store/lookup.js';
import { settle } from '../store/settle.js';
import { verify } from '../verify.job.js';

/** No address is written so. */
const STRUCK = 'struck';

/** Seconds until memory that could not be had may be there. */
const RETRY_AFTER = 5;

type Answered = { ok: true; answer: SubmitAnswer };

/**
 * Judges one proof, in the order the rules name (1 of the pool): shape, secret, the round and whose it is, what
 * was tried before, and only then the work itself, off the event loop. Who is first to close the round is paid in
 * that same transaction; a repeated winning submit is answered as the first was.
 */
export async function submit(
  pool: Pool,
  miner: Miner,
  { track, round_id, proof: { nonce } }: Submit,
  secret: string | undefined,
): Promise<Answered | Refusal> {
  // An id is known in either case of its digits, but told and remembered in one.
  const round = round_id.toLowerCase();
  if (Buffer.byteLength(nonce) > MAX_NONCE_BYTES) {
    const field = 'proof.nonce';
    return refuse('invalid_request', { field }, `${field} must have at most ${MAX_NONCE_BYTES} bytes`);
  }
  if (pool.settings.POOL_REQUIRE_SECRET && !pool.secrets.accepts(miner.id, secret, pool.clock.now())) {
    return refuse('bad_secret', { field: 'x-pow-secret' });
  }
  const wait = pool.strikes.wait(miner);
  if (wait > 0) return tooMany(Math.ceil(wait / 1000), 'Invalid proofs cost a pause.');

  const found = await pool.db.read(lookup, { round, track, miner: miner.id, nonce });
  if (found.status === 'unknown') return refuse('unknown_round', { field: 'round_id' });
  if (found.status === 'won') return { ok: true, answer: win(found) };
  if (found.status === 'too_late') return { ok: true, answer: { status: 'too_late' } };
  if (found.status === 'mismatch') return refuse('lock_mismatch', { field: found.field });
  if (pool.tried.has(round, nonce)) return refuse('duplicate_nonce', { field: 'proof.nonce' });

  const release = pool.slots.take(miner);
  if (release === null) return tooMany(1, 'Too many proofs of this miner or address are being verified.');
  try {
    return await judge(pool, miner, { track, params: found.params, round, nonce });
  } finally {
    release();
  }
}

type Proof = {
  track: Submit['track'];
  params: Record<string, string | number>;
  round: string;
  nonce: string;
};

async function judge(pool: Pool, miner: Miner, proof: Proof): Promise<Answered | Refusal> {
  const { track, params, round, nonce } = proof;
  // Addresses take turns. All that have strikes share one turn, so that a flood from many of them, however many,
  // stands in its own way and not in that of whoever never sent anything invalid.
  const lane = pool.strikes.any(miner) ? STRUCK : miner.address;
  const verified = await pool.compute.run(verify, { track, params, nonce }, { lane });
  if (!verified.ok) return refuse('unavailable', { retryAfter: verified.retryAfter });
  const { code } = verified.value;
  // The parameters are ours: it was our memory that did not suffice, and the nonce may be worth something yet.
  if (code === 'invalid_params') return refuse('unavailable', { retryAfter: RETRY_AFTER });
  if (code !== 1) {
    pool.tried.add(round, nonce);
    pool.strikes.add(miner);
    return { ok: true, answer: { status: 'invalid', reason: code === 0 ? 'not_enough_bits' : 'refused' } };
  }
  pool.strikes.clear(miner);
  const settled = await pool.db.write(settle, { round, miner: miner.id, nonce, ...fresh(pool) });
  if (settled.status === 'too_late') return { ok: true, answer: { status: 'too_late' } };
  // Only who has just closed it tells: a replay was told of before.
  if (settled.next !== null) void pool.floor.solved({ track, round });
  return { ok: true, answer: win(settled) };
}

function win(won: { payout: number; poolBalance: number; solveMs: number }): SubmitAnswer {
  return {
    status: 'win',
    payout_micro: won.payout,
    pool_balance_micro: won.poolBalance,
    solve_time_ms: won.solveMs,
  };
}

function tooMany(retryAfter: number, message: string): Refusal {
  return refuse('rate_limit_exceeded', { retryAfter }, message);
}
