/**
 * Picks one of the open rounds, each as often as the weight of its track says. A miner has no say in it: whoever
 * may choose takes the work its hardware is best at.
 * @param draw uniform in [0, 1)
 * @returns null when no round with any weight is open
 */
export function assign<R extends { track: string }>(
  open: readonly R[],
  weights: Record<string, number>,
  draw: number,
): R | null {
  const weighted = open.flatMap((round) => {
    const weight = weights[round.track] ?? 0;
    return weight > 0 ? [{ round, weight }] : [];
  });
  let left = draw * weighted.reduce((sum, { weight }) => sum + weight, 0);
  for (const { round, weight } of weighted) {
    left -= weight;
    if (left < 0) return round;
  }
  // A sum of floating-point weights may leave a draw just under 1 without a taker.
  return weighted.at(-1)?.round ?? null;
}
