/** Facts of entity identity that both ends must agree on. Milliseconds and counts. */

/** Levels of the registry: 2^20 attesters, revoked ones included. */
export const REGISTRY_DEPTH = 20;
/** Nullifier, commitment, claimed type, root, context, in this order. */
export const PUBLIC_SIGNALS = 5;
/** Proofs of one `verify/batch`. */
export const MAX_BATCH = 100;
/** A nullifier may be recorded without its proof by whoever had it verified within this. */
export const RECORD_WINDOW_MS = 600_000;

export const MAX_DOMAIN = 255;
export const MAX_CONTEXT = 1_024;
export const MAX_ATTESTER_ID = 64;
export const MAX_ATTESTER_NAME = 128;
export const MAX_CONTACT = 256;

/** Rows that one page of the registry or of the audit trail answers at most, and by itself. */
export const MAX_PAGE = 1_000;
