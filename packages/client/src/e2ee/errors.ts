import type { ErrorCode } from '@blindpost/protocol/errors';
import { ErrorKit } from '../errors/error-kit.js';
import { ServiceError } from '../errors/service-error.js';

/** Refusals of the SDK itself. They say what became of a call; none of them comes from the server. */
const LOCAL_ERRORS = {
  unreachable: 'The server cannot be reached.',
  bad_answer: 'The server answered something that is not the protocol.',
  closed: 'The client is closed.',
  outbox_full: 'The outbox is full; wait for earlier sends to settle.',
  handler_failed: 'The handler failed; the envelope is not acknowledged and is given to it again.',
  token_failed: 'The token source failed.',
  prekeys_failed: 'No fresh prekeys were made.',
} as const;

export type LocalErrorCode = keyof typeof LOCAL_ERRORS;
export type E2eeErrorCode = ErrorCode | LocalErrorCode;

/** The one error type of this SDK. Branch on `code`: the server's, or one of the SDK's own. */
export class E2eeError extends ServiceError<E2eeErrorCode> {
  override readonly name = 'E2eeError';
}

/** Makes the errors of this SDK. */
export const ERRORS = new ErrorKit(E2eeError, LOCAL_ERRORS);
export const { local: localError, refused: errorFromWire } = ERRORS;
