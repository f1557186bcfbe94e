/** What the database knows of a token and its account. Times in ms since the epoch. */
export type Standing = {
  /** Null when there is no such account. */
  generation: number | null;
  /** Whether the account has a key of its own. */
  keyed: boolean;
  revoked: boolean;
  /** Tokens that an outside issuer made until then are over. */
  endedAt: number | null;
};

/** What a token claims; `generation` is null where an outside issuer made it. */
export type Claimed = { generation: number | null; issuedAt: number };

/** Whether the token holds; `new` when it does and its account is still to be made. */
export function judge({ generation, issuedAt }: Claimed, standing: Standing): 'holds' | 'over' | 'new' {
  if (standing.revoked) return 'over';
  if (generation !== null) return standing.generation === generation ? 'holds' : 'over';
  // Whoever has the key is the account's holder, whatever an issuer says.
  if (standing.keyed || isEnded(issuedAt, standing.endedAt)) return 'over';
  return standing.generation === null ? 'new' : 'holds';
}

/** Issuers tell whole seconds: what was made in the same one is over as well. */
export function isEnded(issuedAt: number, endedAt: number | null): boolean {
  return endedAt !== null && issuedAt <= endedAt;
}
