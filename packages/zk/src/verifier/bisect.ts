/**
 * The items that fail, in order, when `holds` can only say whether a group has none of them. One failure among n costs
 * about 2·log₂ n questions, and any number fewer than 2·n.
 */
export function bisect<T>(items: readonly T[], holds: (group: readonly T[]) => boolean): T[] {
  return items.length === 0 || holds(items) ? [] : split(items, holds);
}

/** The same of a group that is known to fail. */
function split<T>(group: readonly T[], holds: (group: readonly T[]) => boolean): T[] {
  if (group.length === 1) return [...group];
  const half = Math.ceil(group.length / 2);
  const left = bisect(group.slice(0, half), holds);
  const right = group.slice(half);
  // Where the left half holds, the right must fail: nothing to ask.
  return left.length === 0 ? split(right, holds) : [...left, ...bisect(right, holds)];
}
