import { JITTER_MAX_MS, JITTER_MIN_MS } from '@blindpost/protocol/relay';
import type { Random } from '../../../platform/random.js';

/** A traffic profile: the one place that decides when a session's next frame leaves. */
export interface Pacing {
  /** When a frame that is ready at `now` leaves (monotonic ms). Never earlier than an answer given before. */
  due(now: number): number;
}

/**
 * Profile `jitter`: a frame leaves 10 to 50 ms after it is ready (architecture document 3.2). A frame joins
 * the flush already drawn when that leaves it its 10 ms, so that a busy session costs few writes and frames
 * keep their order; otherwise a new uniform delay is drawn.
 */
export class Jitter implements Pacing {
  readonly #random: Random;
  #next = Number.NEGATIVE_INFINITY;

  constructor(random: Random) {
    this.#random = random;
  }

  due(now: number): number {
    if (this.#next < now + JITTER_MIN_MS)
      this.#next = now + this.#random.uniform(JITTER_MIN_MS, JITTER_MAX_MS);
    return this.#next;
  }
}
