import { Unavailable } from '../unavailable.js';
import type { Bus, BusListener } from './bus.js';

/** The bus of one process that stands alone: itself is the only instance there is. */
export class MemoryBus implements Bus {
  readonly #topics = new Map<string, Set<Subscription>>();
  #closed = false;

  async publish(topic: string, hint: Buffer): Promise<number> {
    if (this.#closed) throw new Unavailable('the bus');
    const subscriptions = this.#topics.get(topic);
    if (subscriptions === undefined) return 0;
    // Never inside the publisher's own step, as if it came from another instance. Microtasks keep the order.
    queueMicrotask(() => {
      for (const { listener } of subscriptions) listener.onHint(hint);
    });
    return 1;
  }

  async subscribe(topic: string, listener: BusListener): Promise<() => Promise<void>> {
    if (this.#closed) throw new Unavailable('the bus');
    const subscription = { listener };
    const subscriptions = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, subscriptions.add(subscription));
    return async () => {
      subscriptions.delete(subscription);
      if (subscriptions.size === 0 && this.#topics.get(topic) === subscriptions) this.#topics.delete(topic);
    };
  }

  healthy(): boolean {
    return !this.#closed;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const subscriptions of this.#topics.values()) subscriptions.clear();
    this.#topics.clear();
  }
}

/** A wrapper of its own each time: one listener may listen twice. */
type Subscription = { listener: BusListener };
