import type { Clock } from '../../clock.js';
import type { CheckpointMode, LogSize } from './checkpoint.thread.js';
import type { Thread } from './thread.js';

/** Milliseconds between two looks at the log. */
const LOOK_MS = 50;
/** Pages of 4 KiB in the log that are worth moving. */
const WORTH_MOVING = 1_000;
/** Pages past which the log begins again at its start. */
const LONGEST_LOG = 4_000;

/** Something that can be made to stand still for a moment. */
interface Holdable {
  hold(): Promise<() => void>;
}

/**
 * Keeps the write-ahead log short without slowing commits: pages are moved by a thread of their own while
 * writing goes on, which made the slowest commits of a large table ten times faster. But a log that is always
 * written to is never moved to its end, so that it would grow for ever: the last few pages are moved while
 * the lanes hold still.
 */
export class Checkpoints {
  readonly #thread: Thread<CheckpointMode, LogSize>;
  readonly #lanes: readonly Holdable[];
  readonly #clock: Clock;
  #looked = 0;
  #running: Promise<void> | null = null;

  constructor(thread: Thread<CheckpointMode, LogSize>, lanes: readonly Holdable[], clock: Clock) {
    this.#thread = thread;
    this.#lanes = lanes;
    this.#clock = clock;
  }

  /** To be called after each commit. */
  consider(): void {
    const now = this.#clock.monotonic();
    if (this.#running !== null || now - this.#looked < LOOK_MS) return;
    this.#looked = now;
    this.#running = this.#checkpoint()
      // The thread is gone: the database is not healthy then, and commits go on while they can.
      .catch(() => undefined)
      .finally(() => {
        this.#running = null;
      });
  }

  /** Answers when no checkpoint is under way. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #checkpoint(): Promise<void> {
    const { log, moved } = await this.#thread.ask('noop');
    if (log - moved < WORTH_MOVING) return;
    await this.#thread.ask('passive');
    if (log < LONGEST_LOG) return;
    const holds = this.#lanes.map((lane) => lane.hold());
    try {
      await Promise.all(holds);
      await this.#thread.ask('restart');
    } finally {
      for (const release of await Promise.all(holds)) release();
    }
  }
}
