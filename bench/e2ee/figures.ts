import { median, quantile, round } from '../relay/latency.js';

/** Sends that were answered as durable, and what each took in ms. */
export type Sends = { seconds: number; times: Float64Array };

/** Times of sends or deliveries, ms. */
export type Figures = { count: number; perSecond: number; p50: number; p99: number };

export function figuresOf({ seconds, times }: Sends): Figures {
  const sorted = times.slice().sort();
  return {
    count: times.length,
    perSecond: Math.round(times.length / seconds),
    p50: round(quantile(sorted, 0.5)),
    p99: round(quantile(sorted, 0.99)),
  };
}

/** The middle of several rounds, member by member. */
export function medianOf(rounds: readonly Figures[]): Figures {
  const middle = (name: keyof Figures) => round(median(rounds.map((figures) => figures[name])));
  return { count: middle('count'), perSecond: middle('perSecond'), p50: middle('p50'), p99: middle('p99') };
}
