import type { Counter } from 'prom-client';

/** What a counter has counted so far, summed by one of its labels. */
export async function tallyOf<L extends string>(
  counter: Counter<L>,
  label: L,
): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { labels, value } of (await counter.get()).values) {
    const name = String(labels[label] ?? 'none');
    sums[name] = (sums[name] ?? 0) + value;
  }
  return sums;
}
