/**
 * Verifies Groth16 proofs, one by one or many together, in any thread.
 *
 * @module
 */
export { readVerificationKey, type VerificationKey } from './verification-key.js';
export { MAX_BATCH, Verifier } from './verifier.js';
