/**
 * For services that ask who is calling by type: {@link entityProof} stands before handlers of Node and Express,
 * {@link admit} before whatever else, {@link entityToken} saves callers from proving at every request.
 *
 * @module
 */
export {
  type EntityProofMiddleware,
  type EntityProofOptions,
  entityProof,
  type GatedRequest,
  type GatedResponse,
} from './entity-proof.js';
export { type Admission, admit, type Demand, type TurnedAway } from './gate.js';
export { type EntityHeaderName, entityHeaders, type ReadHeaders, readEntityHeaders } from './headers.js';
export { type EntityClaims, entityClaims, entityToken, type TokenOptions } from './token.js';
export type { VerifiedEntity } from './verified-entity.js';
