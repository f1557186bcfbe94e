const DAY_MS = 86_400_000;

/** No token is taken longer than this after it was made, so that endings need not be kept for ever. */
export const MAX_TOKEN_AGE_MS = 30 * DAY_MS;
/** How far the clock of an outside issuer may be ahead of ours. */
const AHEAD_MS = 60_000;

/**
 * When a token of an outside issuer ends; null when it does not hold now. Claims in seconds since the epoch.
 */
export function endOf(claims: { iat: number; exp: number }, now: number): number | null {
  const issuedAt = claims.iat * 1000;
  const end = Math.floor(Math.min(claims.exp * 1000, issuedAt + MAX_TOKEN_AGE_MS));
  return issuedAt <= now + AHEAD_MS && end > now ? end : null;
}
