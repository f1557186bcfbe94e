import { type Change, type Entry, type ListOptions, StoreError } from './store.js';

/** The contents of a store that lives in memory, whatever keeps it beside. */
export class Table {
  readonly #values = new Map<string, Uint8Array>();
  /** In order; undefined after a key came or went. */
  #keys: string[] | undefined;
  #bytes = 0;

  get size(): number {
    return this.#values.size;
  }

  /** Of all keys (as UTF-16) and values. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Uint8Array | undefined {
    return this.#values.get(key)?.slice();
  }

  list(prefix: string, { after, limit, reverse = false }: ListOptions = {}): Entry[] {
    if (limit !== undefined && (!Number.isInteger(limit) || limit < 0)) {
      throw new RangeError('limit must be a whole number');
    }
    this.#keys ??= [...this.#values.keys()].sort();
    const keys = this.#keys;
    const from = firstFrom(keys, (key) => key < prefix);
    const to = firstFrom(keys, (key) => key < prefix || key.startsWith(prefix));
    const wanted = keys.slice(from, to);
    if (reverse) wanted.reverse();
    const behind = wanted.filter((key) => after === undefined || (reverse ? key < after : key > after));
    return behind.slice(0, limit).map((key) => [key, this.#values.get(key)?.slice() ?? new Uint8Array()]);
  }

  apply(changes: readonly Change[]): void {
    for (const { key, value } of changes) {
      const before = this.#values.get(key);
      if ((before === undefined) !== (value === null)) this.#keys = undefined;
      if (before !== undefined) this.#bytes -= weigh(key, before);
      if (value === null) {
        this.#values.delete(key);
      } else {
        this.#values.set(key, value.slice());
        this.#bytes += weigh(key, value);
      }
    }
  }

  entries(): IterableIterator<[string, Uint8Array]> {
    return this.#values.entries();
  }

  clear(): void {
    this.#values.clear();
    this.#keys = undefined;
    this.#bytes = 0;
  }
}

/** Throws `store_closed` where something is. */
export function refuseClosed(closed: boolean): void {
  if (closed) throw new StoreError('store_closed');
}

function weigh(key: string, value: Uint8Array): number {
  return 2 * key.length + value.length;
}

/** Where the first key stands that is not before; `before` holds for some first keys and for no other. */
function firstFrom(keys: readonly string[], before: (key: string) => boolean): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (before(keys[middle] ?? '')) low = middle + 1;
    else high = middle;
  }
  return low;
}
