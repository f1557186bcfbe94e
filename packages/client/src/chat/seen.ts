import { bytesToHex } from '@noble/hashes/utils.js';
import { type ChatStore, type Entry, StoreError } from '../stores/store.js';
import { KEY, numberOf } from './records.js';

const NAME = 16;
const COUNT = 8;

/**
 * Names of what was taken, so that what comes again is known: a ring in the store, of which the oldest are written
 * over. Behind its bound the ratchet itself still refuses what it read before.
 */
export class SeenRing {
  readonly #size: number;
  readonly #slots: string[] = [];
  readonly #names = new Set<string>();
  #count = 0;

  constructor(size: number) {
    this.#size = size;
  }

  async load(store: ChatStore): Promise<void> {
    for (const [key, value] of await store.list(KEY.seen)) {
      if (value.length !== COUNT + NAME) throw new StoreError('store_broken');
      const count = Number(new DataView(value.buffer, value.byteOffset).getBigUint64(0));
      this.#take(numberOf(key), bytesToHex(value.subarray(COUNT)));
      this.#count = Math.max(this.#count, count);
    }
  }

  has(name: Uint8Array): boolean {
    return this.#names.has(bytesToHex(name));
  }

  /** What the store is to write for these names. */
  entries(names: readonly Uint8Array[]): Entry[] {
    return names.map((name, n) => {
      const count = this.#count + 1 + n;
      const value = new Uint8Array(COUNT + NAME);
      new DataView(value.buffer).setBigUint64(0, BigInt(count));
      value.set(name, COUNT);
      return [KEY.seenAt(count % this.#size), value];
    });
  }

  /** After that was written. */
  add(names: readonly Uint8Array[]): void {
    for (const name of names) {
      this.#count += 1;
      this.#take(this.#count % this.#size, bytesToHex(name));
    }
  }

  #take(slot: number, name: string): void {
    const before = this.#slots[slot];
    if (before !== undefined) this.#names.delete(before);
    this.#slots[slot] = name;
    this.#names.add(name);
  }
}
