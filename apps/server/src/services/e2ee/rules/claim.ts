/** One-time prekeys that may be handed out within an hour, 0 = no bound. */
export type ClaimCaps = { perTarget: number; perPair: number };

/** What was handed out within the hour: in all, and to this requester. */
export type Recent = { target: number; pair: number };

/** Whether another one may be handed out: a stranger must not be able to drain somebody's stock. */
export function mayClaim(recent: Recent, caps: ClaimCaps): boolean {
  const below = (count: number, cap: number) => cap === 0 || count < cap;
  return below(recent.target, caps.perTarget) && below(recent.pair, caps.perPair);
}
