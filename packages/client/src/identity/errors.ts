import type { ErrorCode } from '@blindpost/protocol/errors';
import { ErrorKit } from '../errors/error-kit.js';
import { ServiceError } from '../errors/service-error.js';

/** Refusals of the SDK itself; none of them comes from the server. */
const LOCAL_ERRORS = {
  unreachable: 'The server cannot be reached.',
  bad_answer: 'The server answered something that is not the protocol.',
  bad_assets: 'The proving assets are not what their manifest says.',
  bad_attestation: 'Nothing can be proven with this attestation.',
  bad_proof: 'The prover proved something else than what was asked.',
  attester_gone: 'The attester of this attestation is no longer in the registry.',
} as const;

export type LocalErrorCode = keyof typeof LOCAL_ERRORS;
export type IdentityErrorCode = ErrorCode | LocalErrorCode;

/** The one error type of entity identity's SDK. Branch on `code`: the server's, or one of the SDK's own. */
export class IdentityError extends ServiceError<IdentityErrorCode> {
  override readonly name = 'IdentityError';
}

export const ERRORS = new ErrorKit(IdentityError, LOCAL_ERRORS);
export const { local: localError } = ERRORS;
