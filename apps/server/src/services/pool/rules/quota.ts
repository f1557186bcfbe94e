const MICRO = 1_000_000n;

/**
 * The quota a code of this amount carries, rounded down.
 * @returns null when no code can carry it: nothing is left after rounding, or more than an exact integer holds
 */
export function quota(amount: number, perUnit: number): number | null {
  const exact = (BigInt(amount) * BigInt(perUnit)) / MICRO;
  return exact > 0n && exact <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(exact) : null;
}
