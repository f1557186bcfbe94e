import type { Clock, Timer } from '../clock.js';
import { Unavailable } from '../unavailable.js';
import type { Bus } from './bus.js';

const RETRY_MS = 1_000;
/** Beyond, a topic is woken by its next hint or its listener's own look instead. */
const MISSED = 10_000;

/**
 * Tells listeners again and again, while the bus is down, that there is something new: what it is stands in the
 * store already.
 */
export class Waker {
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #hint: Buffer;
  readonly #missed = new Set<string>();
  #timer: Timer | null = null;

  /** @param hint what says "look", the same for every topic */
  constructor(bus: Bus, clock: Clock, hint: Buffer) {
    this.#bus = bus;
    this.#clock = clock;
    this.#hint = hint;
  }

  /** How many instances are known to listen; see {@link Bus.publish}. */
  async wake(topic: string): Promise<number> {
    try {
      return await this.#bus.publish(topic, this.#hint);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      if (this.#missed.size < MISSED) this.#missed.add(topic);
      this.#timer ??= this.#clock.after(RETRY_MS, () => this.#retry());
      return 0;
    }
  }

  close(): void {
    this.#timer?.cancel();
    this.#missed.clear();
  }

  #retry(): void {
    this.#timer = null;
    const topics = [...this.#missed];
    this.#missed.clear();
    for (const topic of topics) void this.wake(topic);
  }
}
