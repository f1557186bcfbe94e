/**
 * A bounded queue of many callers, each in a lane of its own. Lanes are served in turn, so that who has much to
 * ask waits for itself, not the others for it.
 */
export class Lanes<T> {
  readonly #bound: number;
  /** In the order they are served; none is empty. */
  readonly #lanes = new Map<string, T[]>();
  #size = 0;

  /** @param bound entries of all lanes together */
  constructor(bound: number) {
    this.#bound = bound;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Appends to a lane. In a full queue the last entry of the longest lane gives way, if that lane stays no
   * shorter than this one: nobody can fill the queue for all.
   * @returns the entry that found or kept no place: another one, `entry` itself, or null
   */
  add(lane: string, entry: T): T | null {
    const own = this.#lanes.get(lane);
    let displaced: T | null = null;
    if (this.#size >= this.#bound) {
      const [longest, entries] = this.#longest();
      if (entries.length <= (own?.length ?? 0) + 1) return entry;
      displaced = entries.pop() ?? null;
      this.#size--;
      if (entries.length === 0) this.#lanes.delete(longest);
    }
    if (own === undefined) this.#lanes.set(lane, [entry]);
    else own.push(entry);
    this.#size++;
    return displaced;
  }

  /** The first entry of the lane whose turn it is. */
  take(): T | undefined {
    for (const [lane, entries] of this.#lanes) {
      const entry = entries.shift();
      this.#size--;
      this.#lanes.delete(lane);
      if (entries.length > 0) this.#lanes.set(lane, entries);
      return entry;
    }
    return undefined;
  }

  #longest(): [string, T[]] {
    let longest: [string, T[]] = ['', []];
    for (const lane of this.#lanes) if (lane[1].length > longest[1].length) longest = lane;
    return longest;
  }
}
