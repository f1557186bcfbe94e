import { createHash } from 'node:crypto';

/** About 12 MiB. */
const BOUND = 50_000;

/**
 * Nonces that were tried and found invalid, per round: verifying one again could only cost again. The oldest
 * give way at the bound. A nonce that wins is never in it, so that the retry of a winning submit is answered.
 */
export class TriedNonces {
  readonly #known = new Set<string>();

  has(round: string, nonce: string): boolean {
    return this.#known.has(keyOf(round, nonce));
  }

  add(round: string, nonce: string): void {
    this.#known.add(keyOf(round, nonce));
    if (this.#known.size <= BOUND) return;
    for (const oldest of this.#known) {
      this.#known.delete(oldest);
      return;
    }
  }
}

function keyOf(round: string, nonce: string): string {
  return createHash('sha256').update(round).update('\0').update(nonce).digest('base64');
}
