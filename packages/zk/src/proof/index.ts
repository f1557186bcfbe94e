/**
 * Groth16 proofs as data: read strictly, written in one spelling.
 *
 * @module
 */
export type { G1Point, G2Point } from './points.js';
export type { Proof, ProofJson } from './proof.js';
export { readProof } from './read-proof.js';
export type { Fault, Reading } from './reading.js';
export { type EntitySignals, entitySignals, SIGNAL_COUNT, SIGNAL_NAMES } from './signals.js';
export { writeProof } from './write-proof.js';
