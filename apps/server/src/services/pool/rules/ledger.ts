/** The house's accounts. `mint` is where all money comes from and the only one below zero. */
export const HOUSE = ['pool', 'mint', 'paid_out', 'redeemed'] as const;
export type House = (typeof HOUSE)[number];

/** Why money moves. Each kind has one direction, see {@link DIRECTION}. */
export type EntryKind = 'refill' | 'payout' | 'withdrawal' | 'rejection' | 'redemption';

/** A miner is known by its 32 bytes. */
export type Account = House | Uint8Array;

/** One movement; both sides of it are one entry, so that the accounts always sum to zero. Micro, above 0. */
export type Transfer = { kind: EntryKind; from: Account; to: Account; amount: number };

const DIRECTION: Record<EntryKind, readonly [House | 'miner', House | 'miner']> = {
  refill: ['mint', 'pool'],
  payout: ['pool', 'miner'],
  withdrawal: ['miner', 'paid_out'],
  rejection: ['paid_out', 'miner'],
  redemption: ['miner', 'redeemed'],
};

/** @param miner the one it is about; a refill is about none, whatever is given */
export function transfer(kind: EntryKind, miner: Uint8Array, amount: number): Transfer {
  const side = (account: House | 'miner'): Account => (account === 'miner' ? miner : account);
  const [from, to] = DIRECTION[kind];
  return { kind, from: side(from), to: side(to), amount };
}

/** Whether an account may owe. */
export function mayOwe(account: Account): boolean {
  return account === 'mint';
}
