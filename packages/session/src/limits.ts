/** Bounds of what is sent and kept. Bytes, milliseconds and counts. */

export const MAX_PLAINTEXT = 192 * 1024;
/** Any message with everything around its plaintext: padding, headers, a KEM ciphertext, signature, box. */
export const MAX_MESSAGE = MAX_PLAINTEXT + 4096;
/** Plaintexts are padded to a multiple of this, so that a length says little. */
export const PADDING = 256;

/** Messages that may be missing before one that is read. */
export const MAX_SKIP = 1_000;
/** Keys of missing messages that a session keeps; the oldest are dropped first. */
export const MAX_SKIPPED = 2_000;
/** Ratchet keys of the peer that are remembered to tell a repetition from a forgery. */
export const MAX_PAST = 32;
/** Sessions of a conversation; the one unused longest is dropped. */
export const MAX_SESSIONS = 5;

/** One-time prekeys made at once, as many as an upload takes. */
export const MAX_REFILL = 100;
/** Secrets of one-time prekeys; the oldest are dropped first. */
export const MAX_ONE_TIME = 1_000;
/** Beginnings that a signed prekey remembers against replay. Then it opens only those with a one-time prekey. */
export const MAX_SEEN = 4_096;
/** A signed prekey is replaced after this time, or when half of its memory is used. */
export const ROTATION_MS = 7 * 24 * 3_600_000;
/** How long a replaced one still opens what was on its way. */
export const RETENTION_MS = 30 * 24 * 3_600_000;
export const MAX_GENERATIONS = 4;

/** UTF-8, as the e2ee service bounds it. */
export const MAX_GROUP_ID = 256;
