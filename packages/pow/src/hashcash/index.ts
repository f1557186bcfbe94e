/**
 * Hashcash, the gate's proof of work: SHA-256(seed ‖ context ‖ nonce) must begin with `difficulty` zeros.
 *
 * @module
 */
export { leadingZeroBits } from './leading-zero-bits.js';
export type { Puzzle } from './puzzle.js';
export { type Solution, type SolveOptions, solve } from './solve.js';
export { verify } from './verify.js';
