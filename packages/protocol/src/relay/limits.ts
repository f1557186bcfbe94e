/** Facts of the relay that both ends must agree on. Bytes, milliseconds and counts. */

/** Every payload that leaves the relay is a whole number of these (architecture document 3.1). */
export const FRAME_SIZE = 1536;
/** The largest frame taken from a client, padding included. */
export const MAX_FRAME = 64 * 1024;
/** Largest `/keys/upload` body. */
export const MAX_BUNDLE = 64 * 1024;
export const MAX_PRE_KEYS = 100;
/** Hashes per `/keys/fetch`, names per `/nickname/lookup`. */
export const MAX_LOOKUPS = 10;
export const MAX_TARGETS = 100;
export const MAX_ALIASES = 50;
export const MAX_NICKNAMES = 3;
export const MAX_GRANTS = 200;
/** Message ids per `delivery_ack`. */
export const MAX_ACKS = 1000;
/** Longest client-chosen message id. */
export const MAX_CLIENT_ID = 128;
/** Objects and arrays inside one another in a frame or body. */
export const MAX_DEPTH = 64;
/** A socket that has not authenticated by then is closed. */
export const AUTH_DEADLINE_MS = 2_000;
/** Uniform delay before a frame leaves (architecture document 3.2). */
export const JITTER_MIN_MS = 10;
export const JITTER_MAX_MS = 50;
/** `dummy_pacing` every 500 ms until 5 s after the last real frame (architecture document 3.3). */
export const PACING_INTERVAL_MS = 500;
export const PACING_IDLE_MS = 5_000;
/** Binary frames begin with the recipient: 64 lower-case hex digits. */
export const BINARY_RECIPIENT_LENGTH = 64;
/** Binary frames out begin with message id (16 bytes) and payload length (4 bytes, big endian). */
export const BINARY_HEADER_LENGTH = 20;
