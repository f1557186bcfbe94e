import type { ErrorCode, ErrorDetails } from '@blindpost/protocol/errors';
import { readWireError, ServiceError } from '../errors/service-error.js';

/** Refusals of the SDK itself. They say what became of a call; none of them comes from the server. */
export const LOCAL_ERRORS = {
  outbox_full: 'The outbox is full; wait for earlier sends to settle.',
  closed: 'The client is closed.',
  replaced: 'Another client logged in with this identity; this one has stopped.',
  burned: 'The identity was burned; this client has stopped.',
  disconnected: 'The connection dropped before the answer, and this frame is not worth sending again.',
  unreachable: 'The server cannot be reached.',
  too_large: 'The frame exceeds what the relay takes.',
  invalid_type: 'A message type must match [a-z0-9_]{1,32} and be no frame type of the relay.',
  bad_answer: 'The server answered something that is not the protocol.',
  inbox_full: 'Too many messages wait for the application; this one will come again.',
  handler_failed: 'The message handler failed; the message is not acknowledged and will come again.',
} as const satisfies Record<string, string>;

export type LocalErrorCode = keyof typeof LOCAL_ERRORS;
export type RelayErrorCode = ErrorCode | LocalErrorCode;

/** The one error type of this SDK. Branch on `code`; `message` is for people. */
export class RelayError extends ServiceError<RelayErrorCode> {
  override readonly name = 'RelayError';
}

/** Makes an error of the SDK's own. */
export function localError(code: LocalErrorCode, details: ErrorDetails = {}, cause?: unknown): RelayError {
  return new RelayError(code, LOCAL_ERRORS[code], details, cause === undefined ? undefined : { cause });
}

/** Reads `{error, message, details}` as the server sent it; anything else becomes `bad_answer`. */
export function errorFromWire(body: unknown): RelayError {
  const error = readWireError(body);
  if (error === undefined) return localError('bad_answer');
  return new RelayError(error.code, error.message, error.details);
}
