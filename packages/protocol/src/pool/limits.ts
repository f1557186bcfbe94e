/** Facts of the pool that both ends must agree on. Bytes, milliseconds and counts. */

/** A nonce is any text of at most so many bytes in UTF-8. */
export const MAX_NONCE_BYTES = 128;
export const MAX_DESTINATION = 256;
export const MAX_IDEMPOTENCY_KEY = 128;
/** A socket that has not sent its token by then counts as its address. */
export const POOL_AUTH_DEADLINE_MS = 2_000;
/** A secret holds so long … */
export const SECRET_TTL_MS = 600_000;
/** … and a new one is sent after so long. */
export const SECRET_RESEND_MS = 300_000;
export const STATS_INTERVAL_MS = 10_000;
/** Redemptions that the history answers, latest first. */
export const MAX_HISTORY = 100;
