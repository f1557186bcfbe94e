import type { ErrorCode, ErrorDetails } from '@blindpost/protocol/errors';
import { readWireError, ServiceError } from '../errors/service-error.js';

/** Refusals of the SDK itself; none of them comes from the server. */
export const LOCAL_ERRORS = {
  unreachable: 'The server cannot be reached.',
  bad_answer: 'The server answered something that is not the protocol.',
  kicked: 'Another socket of this miner took over.',
  invalid_proof: 'The pool found a proof invalid that was verified here.',
} as const satisfies Record<string, string>;

export type LocalErrorCode = keyof typeof LOCAL_ERRORS;
export type PoolErrorCode = ErrorCode | LocalErrorCode;

const TEMPORARY: ReadonlySet<PoolErrorCode> = new Set([
  'bad_secret',
  'internal_error',
  'rate_limit_exceeded',
  'unavailable',
  'unreachable',
]);

/** The one error type of the pool's SDK. Branch on `code`: the server's, or one of the SDK's own. */
export class PoolError extends ServiceError<PoolErrorCode> {
  override readonly name = 'PoolError';

  /** Whether the same request may well succeed a little later. */
  get temporary(): boolean {
    if (TEMPORARY.has(this.code)) return true;
    // Something between us and the server, such as a proxy before a server that starts again.
    const { status } = this.details;
    return this.code === 'bad_answer' && typeof status === 'number' && (status >= 500 || status === 429);
  }
}

/** Makes an error of the SDK's own. */
export function localError(code: LocalErrorCode, details: ErrorDetails = {}, cause?: unknown): PoolError {
  return new PoolError(code, LOCAL_ERRORS[code], details, cause === undefined ? undefined : { cause });
}

/** Reads `{error, message, details}` as the server sent it; anything else becomes `bad_answer`. */
export function errorFromWire(body: unknown): PoolError {
  const error = readWireError(body);
  if (error === undefined) return localError('bad_answer');
  return new PoolError(error.code, error.message, error.details);
}
