import type { Bus, BusListener } from '../../../platform/bus/bus.js';
import { MemoryBus } from '../../../platform/bus/memory.js';
import { Unavailable } from '../../../platform/unavailable.js';

/** A bus that can be taken down, and lose what was said meanwhile. */
export class FrailBus implements Bus {
  readonly #bus = new MemoryBus();
  readonly #listeners = new Set<BusListener>();
  down = false;

  async publish(topic: string, hint: Buffer): Promise<number> {
    if (this.down) throw new Unavailable('the bus');
    return this.#bus.publish(topic, hint);
  }

  async subscribe(topic: string, listener: BusListener): Promise<() => Promise<void>> {
    this.#listeners.add(listener);
    const unsubscribe = await this.#bus.subscribe(topic, listener);
    return async () => {
      this.#listeners.delete(listener);
      await unsubscribe();
    };
  }

  /** Comes back, as an adapter does. */
  recover(): void {
    this.down = false;
    for (const listener of this.#listeners) listener.onGap();
  }

  healthy(): boolean {
    return !this.down;
  }

  close(): Promise<void> {
    return this.#bus.close();
  }
}
