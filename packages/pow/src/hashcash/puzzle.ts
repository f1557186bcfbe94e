/**
 * What a challenge asks: a nonce such that SHA-256(seed ‖ context ‖ nonce), the UTF-8 of the three texts
 * with nothing between them, begins with enough zero bits. Without a separator the last digits of a context
 * may pass for the first of a nonce; that is harmless only because a seed is used once, for one context.
 */
export type Puzzle = {
  /** 64 hexadecimal digits from the server, hashed as text. */
  seed: string;
  /** What the work is bound to, such as the identity hash; may be empty. */
  context: string;
  /** Leading zeros wanted, in `unit`. */
  difficulty: number;
  /** Zero bits (the default), or zero hex digits of four bits each. */
  unit?: 'bits' | 'hex';
};

/** The leading zero bits a puzzle asks for. */
export function zeroBits(puzzle: Puzzle): number {
  return puzzle.unit === 'hex' ? puzzle.difficulty * 4 : puzzle.difficulty;
}
