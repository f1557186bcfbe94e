import { sha256 } from '@noble/hashes/sha2.js';
import { leadingZeroBits } from './leading-zero-bits.js';
import { type Puzzle, zeroBits } from './puzzle.js';

const NONCE = /^[0-9]{1,32}$/;
const utf8 = new TextEncoder();

/**
 * Whether `nonce` solves the puzzle. This is the reference in plain TypeScript, which the kernels are tested
 * against. Any text may come as a nonce; what is not 1 to 32 decimal digits is no solution.
 */
export function verify(puzzle: Puzzle, nonce: string): boolean {
  if (!NONCE.test(nonce)) return false;
  const digest = sha256(utf8.encode(puzzle.seed + puzzle.context + nonce));
  return leadingZeroBits(digest) >= zeroBits(puzzle);
}
