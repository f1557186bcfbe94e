import type { Inflow } from './terms.js';

/** The pool as of `refilledAt`. */
export type Reserve = {
  /** Micro. */
  balance: number;
  /** Null before the first refill. */
  refilledAt: number | null;
  /** Thousandths of a micro that have flowed in and are not paid yet, 0…999. */
  rest: number;
};

/**
 * What flows in until now: from the timestamps alone, so that a restart pays nothing twice and loses nothing, and
 * to the last fraction, so that it makes no difference how often it is asked. A full pool takes nothing, and time
 * that passes meanwhile is gone. A clock that went back pays nothing until it is where it was.
 * @param minted what has ever flowed in; bounds the account it comes from to exact integers
 * @returns the reserve after it, and how much was added
 */
export function refill(
  reserve: Reserve,
  now: number,
  { refillPerSecond, cap }: Inflow,
  minted = 0,
): { reserve: Reserve; added: number } {
  const { balance, refilledAt, rest } = reserve;
  if (refilledAt === null) return { reserve: { ...reserve, refilledAt: now }, added: 0 };
  if (now <= refilledAt) return { reserve, added: 0 };
  const room = Math.max(0, Math.min(cap - balance, Number.MAX_SAFE_INTEGER - minted));
  // A year at a thousand units a second is past what a double holds exactly.
  const flowed = BigInt(now - refilledAt) * BigInt(refillPerSecond) + BigInt(rest);
  const added = flowed / 1_000n < BigInt(room) ? Number(flowed / 1_000n) : room;
  const left = added < room ? Number(flowed % 1_000n) : 0;
  return { reserve: { balance: balance + added, refilledAt: now, rest: left }, added };
}

/** What a win pays: this share of the pool, rounded down. */
export function payout(balance: number, percent: number): number {
  return Number((BigInt(balance) * BigInt(percent)) / 100n);
}
