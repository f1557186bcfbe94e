/** First in, first out, in constant time: `Array.shift` moves every element of a long queue. */
export class Queue<T extends object> {
  #items: T[] = [];
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** The oldest item, left in place. */
  peek(): T | undefined {
    return this.#items[this.#head];
  }

  shift(): T | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head += 1;
    if (this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** The oldest item that `wanted` accepts, left in place. */
  find(wanted: (item: T) => boolean): T | undefined {
    for (let at = this.#head; at < this.#items.length; at++) {
      const item = this.#items[at];
      if (item !== undefined && wanted(item)) return item;
    }
    return undefined;
  }

  /** Holds exactly `items`, oldest first. */
  replace(items: T[]): void {
    this.#items = items;
    this.#head = 0;
  }
}
