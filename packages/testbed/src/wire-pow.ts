/** Hashcash in a plain loop: slow, obvious, and independent of the kernels it helps to test. */
import { createHash, randomInt } from 'node:crypto';

export interface WirePuzzle {
  seed: string;
  difficulty: number;
  unit: string;
}

/** Leading zero bits of SHA-256(seed ‖ context ‖ nonce). */
export function workBits(seed: string, context: string, nonce: string): number {
  const digest = createHash('sha256').update(`${seed}${context}${nonce}`).digest();
  let bits = 0;
  for (const byte of digest) {
    bits += byte === 0 ? 8 : Math.clz32(byte) - 24;
    if (byte !== 0) break;
  }
  return bits;
}

export interface SolveOptions {
  /** The nonce must not be good for this context as well: at low prices one in 16 would be by luck. */
  notFor?: string;
  /** Where the walk begins; default at random. */
  from?: bigint;
}

/** A nonce that solves the puzzle for the context. */
export function solve(puzzle: WirePuzzle, context: string, options: SolveOptions = {}): string {
  const need = bitsOf(puzzle);
  for (let nonce = options.from ?? BigInt(randomInt(2 ** 40)); ; nonce += 1n) {
    const text = nonce.toString();
    if (workBits(puzzle.seed, context, text) < need) continue;
    if (options.notFor !== undefined && workBits(puzzle.seed, options.notFor, text) >= need) continue;
    return text;
  }
}

/** A nonce that does not solve the puzzle. */
export function fail(puzzle: WirePuzzle, context: string): string {
  for (let nonce = randomInt(2 ** 40); ; nonce += 1) {
    if (workBits(puzzle.seed, context, String(nonce)) < bitsOf(puzzle)) return String(nonce);
  }
}

function bitsOf(puzzle: WirePuzzle): number {
  return puzzle.unit === 'hex' ? puzzle.difficulty * 4 : puzzle.difficulty;
}
