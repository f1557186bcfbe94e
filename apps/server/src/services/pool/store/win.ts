import type { PoolSchema } from './schema.js';
import { sameBytes, utf8 } from './utf8.js';

/** What a win comes to. Micro and ms; `solveMs` counts from when this miner got the round. */
export type Won = { payout: number; poolBalance: number; solveMs: number };

/** The win of this miner by this nonce; null when the round was won otherwise, or by nobody. */
export function wonBy(round: PoolSchema['pool_rounds'], miner: Uint8Array, nonce: string): Won | null {
  const { winner, nonce: winning, payout, balance_after: poolBalance, solve_ms: solveMs } = round;
  if (winner === null || winning === null) return null;
  if (payout === null || poolBalance === null || solveMs === null) return null;
  if (!sameBytes(winner, miner) || !sameBytes(winning, utf8.encode(nonce))) return null;
  return { payout, poolBalance, solveMs };
}
