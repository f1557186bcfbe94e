/**
 * EdDSA-Poseidon on Baby Jubjub: keys, signatures, and which points can be keys.
 *
 * @module
 */
export { isPublicKey, type Point } from '../babyjub/point.js';
export { KEY_BYTES, randomKey, type SigningKey, signingKey } from './key.js';
export { sign } from './sign.js';
export type { Signature } from './signature.js';
export { verifySignature } from './verify.js';
