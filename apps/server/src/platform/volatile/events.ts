/** Slots in a window: what is counted beyond the window is at most one slot of time. */
const SLOTS = 10;

/**
 * Counts events in a sliding window by slots of a tenth of it. Kinds of events are named by code, never
 * by callers, so their number needs no bound; each keeps eleven slots at most.
 */
export class EventCounts {
  readonly #counters = new Map<string, Map<number, number>>();

  record(event: string, windowMs: number, now: number): void {
    const name = `${event} ${windowMs}`;
    const slots = this.#counters.get(name) ?? new Map<number, number>();
    this.#counters.set(name, slots);
    const slot = slotOf(now, windowMs);
    slots.set(slot, (slots.get(slot) ?? 0) + 1);
    for (const old of slots.keys()) if (old < slotOf(now - windowMs, windowMs)) slots.delete(old);
  }

  count(event: string, windowMs: number, now: number): number {
    let total = 0;
    for (const [slot, events] of this.#counters.get(`${event} ${windowMs}`) ?? []) {
      if (slot >= slotOf(now - windowMs, windowMs)) total += events;
    }
    return total;
  }
}

function slotOf(time: number, windowMs: number): number {
  return Math.floor(time / (windowMs / SLOTS));
}
