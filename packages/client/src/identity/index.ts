/**
 * Entity identity, for Node and browsers: an {@link EntityIdentity} speaks to the server, an {@link Entity} proves
 * what it is without saying who, {@link verifyOffline} needs no server at all.
 *
 * @module
 */
export { ProverError, type ProverErrorCode } from '@blindpost/zk/prover';
export { isAttested, isClaim } from './answers.js';
export {
  type AttestationRequest,
  EntityIdentity,
  type EntityIdentityOptions,
  type RetryOptions,
} from './client.js';
export {
  type ArtefactSource,
  type DownloadProgress,
  Entity,
  type ProofProgress,
  type ProveOptions,
  type RandomSource,
} from './entity.js';
export { EntityTypes } from './entity-types.js';
export { IdentityError, type IdentityErrorCode, type LocalErrorCode } from './errors.js';
export type { ProofInputs, SignedAttestation } from './inputs.js';
export { type OfflineOptions, type VerifiedOffline, verifyOffline } from './offline.js';
export type {
  Attested,
  Claim,
  EntityProof,
  Expectation,
  ProofPoints,
  Rejected,
  Verified,
  VerifyOptions,
} from './types.js';
