import type { Bus } from '../../../platform/bus/bus.js';
import type { Clock, Timer } from '../../../platform/clock.js';
import { Unavailable } from '../../../platform/unavailable.js';
import type { Name } from '../store/store.js';
import { notify } from './notify.js';

const RETRY_MS = 1_000;
/** Beyond, a mailbox is woken by its next message or login instead. */
const MISSED = 10_000;

/** Tells live recipients that there is mail, again and again while the bus is down: the mail is queued already. */
export class Waker {
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #missed = new Set<Name>();
  #timer: Timer | null = null;

  constructor(bus: Bus, clock: Clock) {
    this.#bus = bus;
    this.#clock = clock;
  }

  /** Whether any instance has a live socket of this identity. */
  async wake(name: Name): Promise<boolean> {
    try {
      return (await notify(this.#bus, name, { kind: 'mail' })) > 0;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      if (this.#missed.size < MISSED) this.#missed.add(name);
      this.#timer ??= this.#clock.after(RETRY_MS, () => this.#retry());
      return false;
    }
  }

  close(): void {
    this.#timer?.cancel();
    this.#missed.clear();
  }

  #retry(): void {
    this.#timer = null;
    const names = [...this.#missed];
    this.#missed.clear();
    for (const name of names) void this.wake(name);
  }
}
