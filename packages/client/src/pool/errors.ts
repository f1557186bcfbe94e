import type { ErrorCode } from '@blindpost/protocol/errors';
import { ErrorKit } from '../errors/error-kit.js';
import { ServiceError } from '../errors/service-error.js';

/** Refusals of the SDK itself; none of them comes from the server. */
export const LOCAL_ERRORS = {
  unreachable: 'The server cannot be reached.',
  bad_answer: 'The server answered something that is not the protocol.',
  kicked: 'Another socket of this miner took over.',
  invalid_proof: 'The pool found a proof invalid that was verified here.',
} as const satisfies Record<string, string>;

export type LocalErrorCode = keyof typeof LOCAL_ERRORS;
export type PoolErrorCode = ErrorCode | LocalErrorCode;

/** The one error type of the pool's SDK. Branch on `code`: the server's, or one of the SDK's own. */
export class PoolError extends ServiceError<PoolErrorCode> {
  override readonly name = 'PoolError';
}

/** Makes the errors of the pool's SDK. */
export const ERRORS = new ErrorKit(PoolError, LOCAL_ERRORS);
export const { local: localError, refused: errorFromWire } = ERRORS;
