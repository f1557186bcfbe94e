const FIRST_MS = 5_000;
const LONGEST_MS = 3_600_000;

/**
 * Milliseconds to the next try of a delivery.
 * @param attempts made so far, 1 or more
 */
export function backoff(attempts: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempts - 1));
}
