import { type ErrorCode, type Refusal, refuse } from '@blindpost/protocol/errors';
import { firstFault, type SchemaFault } from '@blindpost/protocol/fault';
import { Unavailable } from '../unavailable.js';

/** The codes a service answers with when the framework, not a command, refuses. */
export type FailureCodes = {
  malformed: ErrorCode;
  tooLarge: ErrorCode;
  mediaType: ErrorCode;
  unavailable: ErrorCode;
};

export const PLATFORM_FAILURES: FailureCodes = {
  malformed: 'invalid_request',
  tooLarge: 'payload_too_large',
  mediaType: 'unsupported_media_type',
  unavailable: 'unavailable',
};

/** Seconds a client is asked to wait when a store is away. */
const RETRY_AFTER = 5;

/** What is thrown at the edge becomes a refusal; null means the fault is ours (500). */
export function refusalOf(error: unknown, codes: FailureCodes): Refusal | null {
  if (error instanceof Unavailable) return refuse(codes.unavailable, { retryAfter: RETRY_AFTER });
  if (!(error instanceof Error)) return null;
  if (error instanceof SchemaRefusal) {
    const { field, message } = firstFault(error.faults);
    return refuse(codes.malformed, { field }, `${field} ${message}`);
  }
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  if (status === 413) return refuse(codes.tooLarge);
  if (status === 415)
    return refuse(codes.mediaType, { field: 'content-type' }, 'The content type must be application/json.');
  if (status >= 400 && status < 500)
    return refuse(codes.malformed, { field: 'body' }, 'The body is not valid JSON.');
  return null;
}

/** A request that does not match its schema. */
export class SchemaRefusal extends Error {
  override readonly name = 'SchemaRefusal';
  constructor(readonly faults: readonly SchemaFault[]) {
    super('The request does not match its schema.');
  }
}
