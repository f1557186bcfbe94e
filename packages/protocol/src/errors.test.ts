import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERRORS, type ErrorCode, errorBody, refuse } from './errors.js';

/** What clients were promised; a change here breaks them. */
const PROMISED: Record<ErrorCode, number> = {
  ERR_MALFORMED: 400,
  ERR_POW_INVALID: 401,
  ERR_EXPIRED: 401,
  ERR_UNAUTHORIZED: 401,
  ERR_FORBIDDEN: 403,
  ERR_NOT_FOUND: 404,
  ERR_TAKEN: 409,
  ERR_TOO_LARGE: 413,
  ERR_RATE_LIMIT: 429,
  ERR_UNAVAILABLE: 503,
  ERR_QUEUE_FULL: 507,
  invalid_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  misdirected: 421,
  payload_too_large: 413,
  unsupported_media_type: 415,
  rate_limit_exceeded: 429,
  internal_error: 500,
  unavailable: 503,
  unknown_round: 400,
  lock_mismatch: 400,
  bad_secret: 401,
  duplicate_nonce: 409,
  insufficient_balance: 409,
  already_settled: 409,
  self_recipient: 400,
  prekey_conflict: 409,
  bad_signature: 422,
  queue_full: 507,
  invalid_type: 400,
  invalid_commitment: 400,
  proof_invalid: 400,
  root_mismatch: 400,
  attestation_revoked: 400,
  expectation_failed: 400,
  proof_required: 400,
  attester_not_found: 404,
  attester_exists: 409,
  nullifier_used: 409,
  storage_full: 507,
  idempotency_mismatch: 422,
};

test('every code has the status it was promised with, and there is no other code', () => {
  const statuses = Object.fromEntries(Object.entries(ERRORS).map(([code, { status }]) => [code, status]));
  assert.deepEqual(statuses, PROMISED);
});

test('codes are unique however they are written, and of one of the two forms', () => {
  const codes = Object.keys(ERRORS);
  assert.equal(new Set(codes.map((code) => code.toLowerCase())).size, codes.length);
  for (const code of codes) assert.match(code, /^(ERR_[A-Z]+(_[A-Z]+)*|[a-z]+(_[a-z]+)*)$/);
});

test('every message is a sentence for people', () => {
  for (const { message } of Object.values(ERRORS)) assert.match(message, /^[A-Z].+\.$/);
});

test('a refusal carries the message of the table unless it has its own', () => {
  assert.equal(refuse('ERR_TAKEN').message, ERRORS.ERR_TAKEN.message);
  assert.equal(refuse('ERR_TAKEN', {}, 'Gone.').message, 'Gone.');
});

test('the wire form of a refusal has exactly error, message and details', () => {
  const refusal = refuse('ERR_RATE_LIMIT', { retryAfter: 60 });
  const { message } = ERRORS.ERR_RATE_LIMIT;
  assert.deepEqual(errorBody(refusal), { error: 'ERR_RATE_LIMIT', message, details: { retryAfter: 60 } });
});
