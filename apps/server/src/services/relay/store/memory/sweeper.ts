import type { Clock, Timer } from '../../../../platform/clock.js';

const PERIOD_MS = 1_000;
const SLICE = 4_000;

/**
 * Walks the records a slice at a time, so that what expired goes although nobody asks for it. One timer
 * for all of them, armed only while there are any; half a million records are passed in about two minutes.
 */
export class Sweeper<K> {
  private timer: Timer | null = null;
  private cursor: Iterator<K> | null = null;

  /** @param look drops the record if it has expired */
  constructor(
    private readonly clock: Clock,
    private readonly records: ReadonlyMap<K, unknown>,
    private readonly look: (key: K) => void,
  ) {}

  arm(): void {
    this.timer ??= this.clock.after(PERIOD_MS, () => {
      this.timer = null;
      this.sweep();
      if (this.records.size > 0) this.arm();
    });
  }

  stop(): void {
    this.timer?.cancel();
  }

  private sweep(): void {
    this.cursor ??= this.records.keys();
    for (let step = 0; step < SLICE; step++) {
      const next = this.cursor.next();
      if (next.done === true) {
        this.cursor = null;
        return;
      }
      this.look(next.value);
    }
  }
}
