import Type, { type Static } from 'typebox';
import { Bound, Count, Tally, TimeMs } from './primitives.js';
import { AccountsOverview, E2eeOverview, IdentityOverview, PoolOverview, RelayOverview } from './services.js';

/** What the server keeps its state in, or does its work with. */
export const Store = Type.Object({
  name: Type.Union([
    Type.Literal('door'),
    Type.Literal('bus'),
    Type.Literal('database'),
    Type.Literal('durable_bus'),
    Type.Literal('compute'),
  ]),
  kind: Type.Union([
    Type.Literal('memory'),
    Type.Literal('redis'),
    Type.Literal('sqlite'),
    Type.Literal('postgres'),
    Type.Literal('threads'),
  ]),
  state: Type.Union([Type.Literal('ok'), Type.Literal('full'), Type.Literal('away')]),
});
export type Store = Static<typeof Store>;

export const ProcessOverview = Type.Object({
  version: Type.String(),
  node: Type.String(),
  environment: Type.String(),
  started_at_ms: TimeMs,
  uptime_seconds: Type.Number({ minimum: 0 }),
  cpu_seconds: Type.Number({ minimum: 0 }),
  rss_bytes: Count,
  heap_used_bytes: Count,
  loop_delay_ms: Type.Number({ minimum: 0, description: 'p99 of the event loop, over five seconds.' }),
});
export type ProcessOverview = Static<typeof ProcessOverview>;

const Seconds = Type.Number({ minimum: 0 });

export const RequestsOverview = Type.Object({
  total: Count,
  by_status: Tally,
  /** Upper bounds of the buckets, seconds. */
  bounds: Type.Array(Seconds),
  /** Requests in each bucket, and at the end those that took longer. */
  counts: Type.Array(Count),
  /** The busiest, by pattern; times since the start. */
  routes: Type.Array(
    Type.Object({ route: Type.String(), count: Count, p50: Seconds, p90: Seconds, p99: Seconds }),
    { maxItems: 64 },
  ),
});
export type RequestsOverview = Static<typeof RequestsOverview>;

export const LimitsOverview = Type.Object({
  by_limit: Tally,
  /** Refusals by 429, 503 and 507, by the pattern of the route. */
  by_route: Type.Array(Type.Object({ route: Type.String(), status: Count, count: Count }), {
    maxItems: 64,
  }),
});
export type LimitsOverview = Static<typeof LimitsOverview>;

/**
 * `GET /admin/overview`: how this instance does. Counters run since its start and come with a time, so that whoever
 * asks twice knows the rate. Nobody's hash, id, address, name or token is in it.
 */
export const Overview = Type.Object({
  at_ms: TimeMs,
  process: ProcessOverview,
  stores: Type.Array(Store, { maxItems: 16 }),
  compute: Type.Object({ running: Count, queued: Count, workers: Count, refused: Count, queue_bound: Bound }),
  connections: Type.Object({ open: Count, bound: Bound, sockets: Count, sockets_bound: Bound }),
  requests: RequestsOverview,
  limits: LimitsOverview,
  /** Those that are served. */
  services: Type.Object({
    relay: Type.Optional(RelayOverview),
    pool: Type.Optional(PoolOverview),
    accounts: Type.Optional(AccountsOverview),
    e2ee: Type.Optional(E2eeOverview),
    identity: Type.Optional(IdentityOverview),
  }),
  /** As in `/health`. */
  health: Type.Record(Type.String(), Type.Union([Type.Literal('ok'), Type.Literal('degraded')])),
});
export type Overview = Static<typeof Overview>;
