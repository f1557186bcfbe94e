import type { Overview, Tally } from '@blindpost/protocol/overview';
import { quantile } from '@blindpost/protocol/quantile';

/** Ten minutes at a look every two seconds. */
export const KEPT = 300;
/** Looks over which times are put together: a quantile of a handful of requests says little. */
const WINDOW = 5;

/** What of an overview is drawn over time; null = there was no answer. */
export type Sample = { at: number; seen: Counters | null };

type Counters = {
  /** Counters of another start are another server's. */
  start: number;
  requests: number;
  messages: number;
  envelopes: number;
  submits: number;
  proofs: number;
  bounds: readonly number[];
  counts: readonly number[];
  loopDelay: number;
};

export type Rate = 'requests' | 'messages' | 'envelopes' | 'submits' | 'proofs';
type Course = (number | null)[];

export function sampleOf({ at_ms, process, requests, services }: Overview): Sample {
  const { relay, pool, e2ee, identity } = services;
  return {
    at: at_ms / 1_000,
    seen: {
      start: process.started_at_ms,
      requests: requests.total,
      messages: sum(relay?.messages),
      envelopes: sum(e2ee?.envelopes),
      submits: sum(pool?.submits),
      proofs: sum(identity?.proofs),
      bounds: requests.bounds,
      counts: requests.counts,
      loopDelay: process.loop_delay_ms,
    },
  };
}

/** With one more at the end, the oldest of too many gone; the same again, and one out of order, is left out. */
export function withSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = samples.at(-1);
  return last !== undefined && sample.at <= last.at ? samples : [...samples, sample].slice(-KEPT);
}

/** How often in a second, since the sample before. */
export function rates(samples: readonly Sample[], what: Rate): Course {
  return samples.map((sample, place) => {
    const before = samples[place - 1];
    const [then, now] = [before?.seen, sample.seen];
    if (before === undefined || !then || !now || then.start !== now.start) return null;
    return Math.max(0, now[what] - then[what]) / (sample.at - before.at);
  });
}

/** How long requests took that were answered lately, milliseconds. */
export function times(samples: readonly Sample[], share: number): Course {
  return samples.map(({ seen }, place) => {
    const then = samples[Math.max(0, place - WINDOW)]?.seen;
    if (!seen || !then || then.start !== seen.start) return null;
    const lately = seen.counts.map((count, bucket) => Math.max(0, count - (then.counts[bucket] ?? 0)));
    const seconds = quantile(seen.bounds, lately, share);
    return seconds === null ? null : seconds * 1_000;
  });
}

/** What the event loop was late by, milliseconds. */
export function delays(samples: readonly Sample[]): Course {
  return samples.map(({ seen }) => seen?.loopDelay ?? null);
}

/** The last value there is. */
export function latest(course: readonly (number | null)[]): number | null {
  return course.findLast((value) => value !== null) ?? null;
}

function sum(tally: Tally | undefined): number {
  return Object.values(tally ?? {}).reduce((all, count) => all + count, 0);
}
