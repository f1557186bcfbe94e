/** One-way times of many messages, in milliseconds. */
export type Latency = { p50: number; p90: number; p99: number; max: number; mean: number };

/** Counts per bucket of `bucketMs` from zero; the last bucket holds everything above. */
export type Histogram = { bucketMs: number; counts: number[] };

const BUCKET_MS = 5;
const BUCKETS = 60;

/** The quantile `q` by nearest rank of values sorted ascending; 0 for none. */
export function quantile(sorted: Float64Array, q: number): number {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;
}

export function summarise(values: Float64Array): Latency {
  const sorted = values.slice().sort();
  const sum = sorted.reduce((total, value) => total + value, 0);
  return {
    p50: round(quantile(sorted, 0.5)),
    p90: round(quantile(sorted, 0.9)),
    p99: round(quantile(sorted, 0.99)),
    max: round(sorted.at(-1) ?? 0),
    mean: round(sorted.length === 0 ? 0 : sum / sorted.length),
  };
}

export function histogram(values: Float64Array): Histogram {
  const counts = new Array<number>(BUCKETS).fill(0);
  for (const value of values) {
    const bucket = Math.min(BUCKETS - 1, Math.max(0, Math.floor(value / BUCKET_MS)));
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  while (counts.length > 1 && counts.at(-1) === 0) counts.pop();
  return { bucketMs: BUCKET_MS, counts };
}

/** To two places: the third is noise. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The middle value, or the mean of the two in the middle; 0 for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
