import type { Change, ChatStore, Entry, ListOptions } from './store.js';
import { refuseClosed, Table } from './table.js';

/** Keeps everything for as long as the program runs, and no longer. */
export class MemoryStore implements ChatStore {
  readonly #table = new Table();
  #closed = false;

  async get(key: string): Promise<Uint8Array | undefined> {
    refuseClosed(this.#closed);
    return this.#table.get(key);
  }

  async list(prefix: string, options?: ListOptions): Promise<Entry[]> {
    refuseClosed(this.#closed);
    return this.#table.list(prefix, options);
  }

  async commit(changes: readonly Change[]): Promise<void> {
    refuseClosed(this.#closed);
    this.#table.apply(changes);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#table.clear();
  }

  destroy(): Promise<void> {
    return this.close();
  }
}
