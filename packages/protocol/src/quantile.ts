/**
 * The value below which a share of observations lies, from a histogram; as Prometheus does, evenly spread within a
 * bucket. Beyond the last bound it is the last bound. Null when nothing was observed.
 * @param bounds upper bounds of the buckets, rising
 * @param counts observations in each bucket, and at the end those beyond the last bound
 * @param share from 0 to 1
 */
export function quantile(bounds: readonly number[], counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let below = 0;
  let floor = 0;
  for (const [place, bound] of bounds.entries()) {
    const count = counts[place] ?? 0;
    if (count > 0 && below + count >= share * total) {
      return floor + ((bound - floor) * (share * total - below)) / count;
    }
    below += count;
    floor = bound;
  }
  return floor;
}
