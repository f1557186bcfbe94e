import type { Overview, ProcessOverview, Store } from '@blindpost/protocol/overview';
import type { Clock } from '../clock.js';
import type { Compute } from '../compute/compute.js';
import { type Part, partStates } from '../http/health.js';
import type { HttpApp } from '../http/http.js';
import type { Sockets } from '../http/sockets.js';
import type { Metrics } from '../metrics/metrics.js';
import { VERSION } from '../version.js';
import { limitsOf, requestsOf } from './requests.js';

/** Consoles that look within so long are answered by one gathering. */
const FRESH_MS = 1_000;

/** A store, and whether it can be used now. */
export type Held = Pick<Store, 'name' | 'kind'> & { healthy(): boolean };

/** What a service tells of itself; it names itself. */
export type Section = () => Promise<Overview['services']>;

export type GatheringParts = {
  app: HttpApp;
  sockets: Sockets;
  compute: Compute;
  /** Jobs that may wait. */
  computeQueue: number;
  metrics: Metrics;
  clock: Clock;
  environment: string;
  stores: readonly Held[];
  services: readonly { parts: readonly Part[]; overview: Section }[];
};

/** Gathers what platform and services tell of themselves; any number of consoles cost as one. */
export class Gathering {
  readonly #parts: GatheringParts;
  readonly #startedAt: number;
  readonly #began: number;
  #last: { at: number; overview: Promise<Overview> } | null = null;

  constructor(parts: GatheringParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.now();
    this.#began = parts.clock.monotonic();
  }

  read(): Promise<Overview> {
    const at = this.#parts.clock.monotonic();
    if (this.#last === null || at - this.#last.at >= FRESH_MS) this.#last = { at, overview: this.#gather() };
    return this.#last.overview;
  }

  async #gather(): Promise<Overview> {
    const { app, sockets, compute, computeQueue, metrics, clock, stores, services } = this.#parts;
    // Before the stores' states, which follow from whether they answered.
    const sections = await Promise.all(services.map(({ overview }) => overview()));
    const load = compute.load();
    const threads: Store = {
      name: 'compute',
      kind: 'threads',
      state: load.queued < computeQueue ? 'ok' : 'full',
    };
    return {
      at_ms: clock.now(),
      process: this.#process(),
      stores: [...stores.map(stateOf), threads],
      compute: { ...load, queue_bound: computeQueue },
      connections: {
        open: await connectionsOf(app),
        bound: app.server.maxConnections ?? 0,
        sockets: sockets.open,
        sockets_bound: sockets.bound,
      },
      requests: await requestsOf(metrics),
      limits: await limitsOf(metrics),
      services: merged(sections),
      health: partStates(services.flatMap(({ parts }) => parts)),
    };
  }

  #process(): ProcessOverview {
    const { clock, metrics, environment } = this.#parts;
    const { rss, heapUsed } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    return {
      version: VERSION,
      node: process.version,
      environment,
      started_at_ms: this.#startedAt,
      uptime_seconds: (clock.monotonic() - this.#began) / 1_000,
      cpu_seconds: (user + system) / 1e6,
      rss_bytes: rss,
      heap_used_bytes: heapUsed,
      loop_delay_ms: metrics.loopDelay(),
    };
  }
}

function merged(sections: readonly Overview['services'][]): Overview['services'] {
  let all: Overview['services'] = {};
  for (const section of sections) all = { ...all, ...section };
  return all;
}

function stateOf({ name, kind, healthy }: Held): Store {
  return { name, kind, state: healthy() ? 'ok' : 'away' };
}

function connectionsOf({ server }: HttpApp): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}
