import type { LimitsOverview, RequestsOverview } from '@blindpost/protocol/overview';
import { quantile } from '@blindpost/protocol/quantile';
import type { Metrics } from '../metrics/metrics.js';
import { tallyOf } from '../metrics/tally.js';

/** Routes told of, the busiest first. */
const ROUTES = 64;
/** What a client is told at a bound. */
const REFUSALS = [429, 503, 507];

/** Requests by status and route, and how long they took. */
export async function requestsOf({ requests, requestSeconds, bounds }: Metrics): Promise<RequestsOverview> {
  const byRoute = new Map<string, Map<number, number>>();
  for (const { labels, value, metricName } of (await requestSeconds.get()).values) {
    if (metricName?.endsWith('_bucket') !== true) continue;
    // The library's type leaves out the label that it adds.
    const { route, le }: { route?: string | number; le?: string | number } = labels;
    const name = String(route);
    const upTo = byRoute.get(name) ?? new Map<number, number>();
    byRoute.set(name, upTo.set(le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le), value));
  }
  const counted = [...byRoute].map(([route, upTo]) => ({ route, counts: apart(bounds, upTo) }));
  const by_status = await tallyOf(requests, 'status');
  return {
    total: Object.values(by_status).reduce((sum, count) => sum + count, 0),
    by_status,
    bounds: [...bounds],
    counts: apart(bounds, new Map()).map((_, place) =>
      counted.reduce((sum, { counts }) => sum + (counts[place] ?? 0), 0),
    ),
    routes: counted
      .map(({ route, counts }) => ({
        route,
        count: counts.reduce((sum, count) => sum + count, 0),
        p50: quantile(bounds, counts, 0.5) ?? 0,
        p90: quantile(bounds, counts, 0.9) ?? 0,
        p99: quantile(bounds, counts, 0.99) ?? 0,
      }))
      .sort((a, b) => b.count - a.count)
      .slice(0, ROUTES),
  };
}

/** Limits that were hit, by name, and what was refused at a bound, by route. */
export async function limitsOf({ requests, limits }: Metrics): Promise<LimitsOverview> {
  const refused = new Map<string, { route: string; status: number; count: number }>();
  for (const { labels, value } of (await requests.get()).values) {
    const status = Number(labels.status);
    if (!REFUSALS.includes(status)) continue;
    const route = String(labels.route);
    const count = (refused.get(`${status} ${route}`)?.count ?? 0) + value;
    refused.set(`${status} ${route}`, { route, status, count });
  }
  return {
    by_limit: await tallyOf(limits, 'limit'),
    by_route: [...refused.values()].sort((a, b) => b.count - a.count).slice(0, ROUTES),
  };
}

/** Counts of each bucket, from those of all up to its bound; at the end what lies beyond. */
function apart(bounds: readonly number[], upTo: ReadonlyMap<number, number>): number[] {
  let before = 0;
  return [...bounds, Number.POSITIVE_INFINITY].map((bound) => {
    const sum = upTo.get(bound) ?? before;
    const count = sum - before;
    before = sum;
    return count;
  });
}
