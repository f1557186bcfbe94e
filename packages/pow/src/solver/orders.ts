import type { TrackName } from '../tracks/track.js';

/** What the solver tells a thread. */
export type Order =
  | SearchOrder
  /** Stops computing: `pause` keeps what the search has built, `stop` drops it. Answered by `halted`. */
  | { type: 'pause' | 'stop'; id: number }
  | { type: 'resume' }
  | { type: 'throttle'; percent: number };

/** Begins a search and ends the one before; `job` comes back in every report about it. */
export interface SearchOrder {
  type: 'search';
  job: number;
  track: TrackName;
  /** Read by the track already; read again by the thread, since a message carries no types. */
  params: unknown;
  throttle: number;
}

/** What a thread answers. */
export type Report =
  | SearchReport
  /** It has come to life and takes orders. */
  | { type: 'ready' }
  /** Nothing is computed any more, as the order with this id wanted. */
  | { type: 'halted'; id: number };

/** How a search goes. `tried` counts nonces since the last report. */
export type SearchReport =
  | { type: 'progress'; job: number; tried: number }
  | { type: 'found'; job: number; tried: number; nonce: string; digest: string }
  /** This thread cannot do this job, for want of memory as a rule. */
  | { type: 'failed'; job: number; message: string };
