import type { ErrorBody } from './error-body.js';

export { ErrorBody } from './error-body.js';

/**
 * The one table of errors. A code is stable and never reused; clients branch on it, people read `message`.
 * The gate and the relay speak `ERR_*` (their documents do); everything else speaks snake_case.
 */
export const ERRORS = {
  ERR_MALFORMED: { status: 400, message: 'The request or frame is malformed.' },
  ERR_POW_INVALID: { status: 401, message: 'The nonce does not solve the challenge for this purpose.' },
  ERR_EXPIRED: {
    status: 401,
    message: 'The seed is unknown, used or older than 60 seconds. Fetch a new one.',
  },
  ERR_UNAUTHORIZED: { status: 401, message: 'Authentication is required.' },
  ERR_FORBIDDEN: { status: 403, message: 'The identity is owned and this request does not prove its key.' },
  ERR_NOT_FOUND: { status: 404, message: 'Nothing stands under this name.' },
  ERR_TAKEN: { status: 409, message: 'The name belongs to someone else.' },
  ERR_TOO_LARGE: { status: 413, message: 'The request or frame is too large.' },
  ERR_RATE_LIMIT: { status: 429, message: 'Too many requests from this address or identity.' },
  ERR_UNAVAILABLE: { status: 503, message: 'The server cannot do this now. Try again shortly.' },
  ERR_QUEUE_FULL: { status: 507, message: 'The mailbox is full; the message was not accepted.' },

  invalid_request: { status: 400, message: 'The request is invalid.' },
  unauthorized: { status: 401, message: 'Authentication is required.' },
  forbidden: { status: 403, message: 'This is not allowed.' },
  not_found: { status: 404, message: 'There is nothing here.' },
  misdirected: { status: 421, message: 'This server does not answer for that host.' },
  payload_too_large: { status: 413, message: 'The request is too large.' },
  unsupported_media_type: { status: 415, message: 'The content type is not supported.' },
  rate_limit_exceeded: { status: 429, message: 'Too many requests.' },
  internal_error: { status: 500, message: 'The server failed. The failure has been logged.' },
  unavailable: { status: 503, message: 'The server cannot do this now. Try again shortly.' },

  unknown_round: { status: 400, message: 'There is no such round.' },
  lock_mismatch: { status: 400, message: 'The miner works on another round. Fetch the challenge again.' },
  bad_secret: { status: 401, message: 'X-POW-SECRET is missing, wrong or expired. The socket sends one.' },
  duplicate_nonce: { status: 409, message: 'This nonce was tried in this round and is invalid.' },
  insufficient_balance: { status: 409, message: 'The balance does not cover the amount.' },
  already_settled: { status: 409, message: 'This was settled before, in another way.' },

  self_recipient: { status: 400, message: 'An account cannot be its own peer.' },
  prekey_conflict: { status: 409, message: 'This one-time prekey id was used for another key.' },
  bad_signature: { status: 422, message: 'The signature over the signed prekey does not verify.' },
  queue_full: { status: 507, message: 'The queue is full; nothing was accepted.' },

  invalid_type: { status: 400, message: 'There is no such entity type.' },
  invalid_commitment: { status: 400, message: 'The commitment is no number of the field.' },
  proof_invalid: { status: 400, message: 'Cryptographic verification failed.' },
  root_mismatch: {
    status: 400,
    message: 'The proof stands on a registry root that is not valid (any more).',
  },
  attestation_revoked: { status: 400, message: 'What the proof stands on was revoked, or has expired.' },
  expectation_failed: { status: 400, message: 'The proof is not what was expected.' },
  proof_required: {
    status: 400,
    message: 'Send the proof along: it was not verified for this caller within ten minutes.',
  },
  attester_not_found: { status: 404, message: 'The registry has no such attester.' },
  attester_exists: { status: 409, message: 'There is an attester of this id or key.' },
  nullifier_used: { status: 409, message: 'Nullifier already recorded.' },
  storage_full: { status: 507, message: 'The server keeps as many of these as it may.' },

  idempotency_mismatch: { status: 422, message: 'The idempotency key was used for another request.' },
} as const satisfies Record<string, { status: number; message: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** Extra facts about a refusal. `field` names the offending member, `retryAfter` is in whole seconds. */
export type ErrorDetails = { field?: string; retryAfter?: number; [fact: string]: unknown };

/** A refusal as a value: commands return it, the edge turns it into a status, a body or an error frame. */
export type Refusal = { ok: false; code: ErrorCode; message: string; details: ErrorDetails };

/** Makes a refusal; `message` defaults to the table's. */
export function refuse(code: ErrorCode, details: ErrorDetails = {}, message?: string): Refusal {
  return { ok: false, code, message: message ?? ERRORS[code].message, details };
}

/** The wire form of a refusal. */
export function errorBody(refusal: Refusal): ErrorBody {
  return { error: refusal.code, message: refusal.message, details: refusal.details };
}
