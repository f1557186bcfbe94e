/** How groups are measured. The measure of a whole follows from those of its parts, and any part's from the others. */
export type Measure<T, M> = {
  of(group: readonly T[]): M;
  /** What is left of a whole's measure without that of a part. */
  rest(whole: M, part: M): M;
  /** Whether none of the group fails. */
  holds(measure: M): boolean;
};

/**
 * The items that fail, in order, when only groups can be measured. The right half is never measured: it is what the
 * left one leaves of the whole. So n items cost n measurements at most, and one failure among them 1 + ⌈log₂ n⌉.
 */
export function bisect<T, M>(items: readonly T[], measure: Measure<T, M>): T[] {
  return items.length === 0 ? [] : failing(items, measure.of(items), measure);
}

function failing<T, M>(group: readonly T[], whole: M, measure: Measure<T, M>): T[] {
  if (measure.holds(whole)) return [];
  if (group.length === 1) return [...group];
  const half = Math.ceil(group.length / 2);
  const left = group.slice(0, half);
  const part = measure.of(left);
  return [...failing(left, part, measure), ...failing(group.slice(half), measure.rest(whole, part), measure)];
}
