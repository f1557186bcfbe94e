import type { ErrorCode } from '@blindpost/protocol/errors';
import { ErrorKit } from '../errors/error-kit.js';
import { ServiceError } from '../errors/service-error.js';

/** Refusals of the SDK itself; none of them comes from the server. */
const LOCAL_ERRORS = {
  unreachable: 'The server cannot be reached.',
  bad_answer: 'The server answered something that is not the protocol.',
} as const;

export type LocalErrorCode = keyof typeof LOCAL_ERRORS;
export type AccountErrorCode = ErrorCode | LocalErrorCode;

/** The one error type of the accounts' SDK. Branch on `code`: the server's, or one of the SDK's own. */
export class AccountError extends ServiceError<AccountErrorCode> {
  override readonly name = 'AccountError';
}

export const ERRORS = new ErrorKit(AccountError, LOCAL_ERRORS);
