/** Entries looked at before a full map refuses: new room is found soon, without a scan of everything. */
const SWEEP_AT_BOUND = 1_000;

/**
 * A map whose entries read as absent once they expire, and which never holds more than `bound` of them.
 * There is no timer per entry: whoever owns the map calls `sweep` now and then.
 */
export class ExpiringMap<Value> {
  readonly #entries = new Map<string, { value: Value; expiresAt: number }>();
  readonly #bound: number;
  /** Where the last sweep stopped. */
  #cursor = this.#entries.entries();

  constructor(bound: number) {
    this.#bound = bound;
  }

  /** Entries held, expired ones that were not swept yet included. */
  get size(): number {
    return this.#entries.size;
  }

  get(key: string, now: number): Value | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.expiresAt > now ? entry.value : undefined;
  }

  /** Answers false, and keeps nothing, when the map is full: no living entry gives way to a new one. */
  set(key: string, value: Value, expiresAt: number, now: number): boolean {
    if (!this.#entries.has(key)) {
      if (this.#entries.size >= this.#bound) this.sweep(SWEEP_AT_BOUND, now);
      if (this.#entries.size >= this.#bound) return false;
    }
    this.#entries.set(key, { value, expiresAt });
    return true;
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** Drops the expired among the next `count` entries, going round. */
  sweep(count: number, now: number): void {
    for (let left = Math.min(count, this.#entries.size); left > 0; left--) {
      let next = this.#cursor.next();
      if (next.done) {
        this.#cursor = this.#entries.entries();
        next = this.#cursor.next();
        if (next.done) return;
      }
      const [key, { expiresAt }] = next.value;
      if (expiresAt <= now) this.#entries.delete(key);
    }
  }
}
