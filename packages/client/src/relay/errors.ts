import type { ErrorCode } from '@blindpost/protocol/errors';
import { ErrorKit } from '../errors/error-kit.js';
import { ServiceError } from '../errors/service-error.js';

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

/** Makes the errors of the relay's SDK. */
export const ERRORS = new ErrorKit(RelayError, LOCAL_ERRORS);
export const { local: localError, refused: errorFromWire } = ERRORS;
