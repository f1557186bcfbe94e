import { ERRORS, type ErrorCode, type ErrorDetails } from '@blindpost/protocol/errors';
import { isRecord } from '../json/record.js';

/** A retry time beyond this is cut: a server must not be able to silence a client for ever. */
const LONGEST_RETRY_MS = 3_600_000;

/** Refusals for the moment: the same request may well succeed a little later. */
const TEMPORARY: ReadonlySet<string> = new Set([
  'ERR_RATE_LIMIT',
  'ERR_UNAVAILABLE',
  'bad_secret',
  'internal_error',
  'rate_limit_exceeded',
  'unavailable',
  'unreachable',
]);

/** What the error types of the services have in common. Branch on `code`; `message` is for people. */
export class ServiceError<Code extends string = string> extends Error {
  constructor(
    readonly code: Code,
    message: string,
    readonly details: ErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Milliseconds the server asked to wait, at most one hour; undefined when it did not say. */
  get retryAfterMs(): number | undefined {
    const seconds = this.details.retryAfter;
    if (typeof seconds !== 'number' || !(seconds >= 0)) return undefined;
    return Math.min(seconds * 1000, LONGEST_RETRY_MS);
  }

  /** Whether the same request may well succeed a little later. */
  get temporary(): boolean {
    if (TEMPORARY.has(this.code)) return true;
    // Something between us and the server, such as a proxy before a server that starts again.
    const { status } = this.details;
    return this.code === 'bad_answer' && typeof status === 'number' && (status >= 500 || status === 429);
  }
}

/** What a server's refusal says. */
export interface WireError {
  code: ErrorCode;
  message: string;
  details: ErrorDetails;
}

/** Reads `{error, message, details}` as the server sent it; undefined for anything else. */
export function readWireError(body: unknown): WireError | undefined {
  if (!isRecord(body) || !isServerCode(body.error)) return undefined;
  const message = typeof body.message === 'string' ? body.message : ERRORS[body.error].message;
  return { code: body.error, message, details: isRecord(body.details) ? body.details : {} };
}

function isServerCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERRORS, code);
}
