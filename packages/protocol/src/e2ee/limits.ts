/** Facts of the e2ee transport that both ends must agree on. Bytes, milliseconds and counts. */

export const MAX_CIPHERTEXT = 256 * 1024;
/** Ratchet headers are tens of bytes; post-quantum ones carry a KEM ciphertext. */
export const MAX_HEADER = 16 * 1024;
export const MAX_SIGNATURE = 8 * 1024;
/** Public keys and their signatures: ML-DSA signatures are the largest of them. */
export const MAX_KEY = 8 * 1024;
/** `meta` as JSON text, UTF-8. */
export const MAX_META = 8 * 1024;
/** Objects and arrays inside one another in `meta`. */
export const MAX_META_DEPTH = 64;

export const MAX_GROUP_ID = 256;
export const MAX_CLIENT_MESSAGE_ID = 128;
export const MAX_SESSION_ID = 128;
export const MAX_HINT = 128;
export const MAX_ALGORITHM = 32;

/** Envelopes that one `pending` answers, ids that one `ack` takes, items that one `distribute` takes. */
export const MAX_TAKE = 500;
export const DEFAULT_TAKE = 100;
export const MAX_ACK_IDS = 500;
export const MAX_ITEMS = 500;

/** One-time prekeys of one upload, and of all uploads that are not handed out yet. */
export const MAX_UPLOADED_PREKEYS = 200;
export const MAX_STOCK = 1_000;
/** `e2ee.prekeys.low` and `low` are told below this. */
export const LOW_STOCK = 10;

/** Largest bodies: of most routes, an envelope, a bundle, a distribution. */
export const MAX_BODY = 64 * 1024;
export const MAX_SEND_BODY = 512 * 1024;
export const MAX_UPLOAD_BODY = 4 * 1024 * 1024;
export const MAX_DISTRIBUTE_BODY = 8 * 1024 * 1024;
/** The largest frame taken from a client: an envelope with its frame around it. */
export const MAX_E2EE_FRAME = MAX_SEND_BODY + 1024;

/** A socket whose token did not come by then is closed. */
export const E2EE_AUTH_DEADLINE_MS = 2_000;
