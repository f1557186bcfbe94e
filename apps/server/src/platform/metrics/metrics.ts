import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const RESOLUTION_MS = 20;
const WINDOW_MS = 5_000;
/** Upper bounds of the buckets of times, seconds. */
const BOUNDS = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10] as const;

/** The server's Prometheus registry. Labels are patterns and codes, never addresses, hashes or names. */
export class Metrics {
  readonly registry = new Registry();
  readonly requests = new Counter({
    name: 'blindpost_http_requests_total',
    help: 'HTTP requests answered.',
    labelNames: ['method', 'route', 'status'] as const,
    registers: [this.registry],
  });
  readonly requestSeconds = new Histogram({
    name: 'blindpost_http_request_seconds',
    help: 'Time from request to answer, seconds.',
    labelNames: ['route'] as const,
    buckets: [...BOUNDS],
    registers: [this.registry],
  });
  readonly connections = new Gauge({
    name: 'active_connections',
    help: 'WebSockets open now.',
    registers: [this.registry],
  });
  readonly limits = new Counter({
    name: 'blindpost_limits_hit_total',
    help: 'Refusals at a limit, by its name.',
    labelNames: ['limit'] as const,
    registers: [this.registry],
  });
  /** Of the buckets of `requestSeconds`. */
  readonly bounds: readonly number[] = BOUNDS;
  readonly #delay: IntervalHistogram;
  readonly #window: NodeJS.Timeout;
  #loopDelay = 0;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.#delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    this.#delay.enable();
    this.#window = setInterval(() => {
      this.#loopDelay = Math.max(0, this.#delay.percentile(99) / 1e6 - RESOLUTION_MS);
      this.#delay.reset();
    }, WINDOW_MS);
    this.#window.unref();
  }

  /** p99 delay of the event loop over the last 5 s, ms; the price of work rises with it. */
  loopDelay(): number {
    return this.#loopDelay;
  }

  /** A counter of one service, registered here. */
  counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  close(): void {
    clearInterval(this.#window);
    this.#delay.disable();
    this.registry.clear();
  }
}
