/**
 * The prover: Groth16 proofs by snarkjs, in a worker in Node and in browsers, with progress and cancelling.
 *
 * @module
 */
export { ProverError, type ProverErrorCode } from './error.js';
export type { CircuitInputs, EntityProofInputs, InputValue } from './inputs.js';
export { PHASES, type Phase, type Progress } from './progress.js';
export type { Groth16Proof, ProofResult } from './proof.js';
export { prove } from './prove.js';
export { type ProveOptions, Prover, type ProverArtefacts, type ProverOptions } from './prover.js';
