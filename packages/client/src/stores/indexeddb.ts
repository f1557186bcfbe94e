/// <reference lib="dom" />
import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb';
import { type Change, type ChatStore, type Entry, type ListOptions, StoreError } from './store.js';
import { refuseClosed } from './table.js';

export { StoreError, type StoreErrorCode } from './store.js';

interface Schema extends DBSchema {
  rows: { key: string; value: Uint8Array };
}

const ROWS = 'rows';
/** Behind every key that begins as asked for. */
const LAST = '\uffff';

/**
 * A database of the browser's, one for each name. Locked by the Web Locks API, so that a second tab cannot use a key
 * twice: it needs a secure context (https, or localhost). Commits are strict: on disk when they resolve, where the
 * browser keeps that promise. Without `navigator.storage.persist()` a browser may delete what it needs the room of.
 */
export class IndexedDbStore implements ChatStore {
  readonly #name: string;
  readonly #database: IDBPDatabase<Schema>;
  readonly #unlock: () => void;
  #closed = false;

  private constructor(name: string, database: IDBPDatabase<Schema>, unlock: () => void) {
    this.#name = name;
    this.#database = database;
    this.#unlock = unlock;
  }

  /** Opens the store of this name, or makes it. Rejects with `store_locked`, `store_unsupported` or `store_failed`. */
  static async open(name: string): Promise<IndexedDbStore> {
    const database = `blindpost ${name}`;
    const unlock = await lock(database);
    try {
      const opened = await openDB<Schema>(database, 1, {
        upgrade: (made) => void made.createObjectStore(ROWS),
      });
      return new IndexedDbStore(database, opened, unlock);
    } catch (cause) {
      unlock();
      throw new StoreError('store_failed', cause);
    }
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    refuseClosed(this.#closed);
    return this.#database.get(ROWS, key);
  }

  async list(prefix: string, { after, limit, reverse = false }: ListOptions = {}): Promise<Entry[]> {
    refuseClosed(this.#closed);
    if (limit !== undefined && (!Number.isInteger(limit) || limit < 0)) {
      throw new RangeError('limit must be a whole number');
    }
    const range = limit === 0 ? undefined : rangeOf(prefix, after, reverse);
    if (range === undefined) return [];
    const rows = this.#database.transaction(ROWS).store;
    if (!reverse) {
      const [keys, values] = await Promise.all([rows.getAllKeys(range, limit), rows.getAll(range, limit)]);
      return keys.map((key, n) => [key, values[n] ?? new Uint8Array()]);
    }
    const entries: Entry[] = [];
    let cursor = await rows.openCursor(range, 'prev');
    for (; cursor !== null && entries.length !== limit; cursor = await cursor.continue()) {
      entries.push([cursor.key, cursor.value]);
    }
    return entries;
  }

  async commit(changes: readonly Change[]): Promise<void> {
    refuseClosed(this.#closed);
    const transaction = this.#database.transaction(ROWS, 'readwrite', { durability: 'strict' });
    const written = changes.map(({ key, value }) =>
      value === null ? transaction.store.delete(key) : transaction.store.put(value.slice(), key),
    );
    try {
      await Promise.all([...written, transaction.done]);
    } catch (cause) {
      throw new StoreError('store_failed', cause);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#database.close();
    this.#unlock();
  }

  async destroy(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#database.close();
    await deleteDB(this.#name);
    this.#unlock();
  }
}

/** The keys that begin with `prefix` and stand behind `after`; undefined where there can be none. */
function rangeOf(prefix: string, after: string | undefined, reverse: boolean): IDBKeyRange | undefined {
  const last = prefix + LAST;
  const [lower, upper] = reverse
    ? [prefix, after !== undefined && after < last ? after : last]
    : [after !== undefined && after > prefix ? after : prefix, last];
  // Not a range to the database, which throws.
  if (lower >= upper) return undefined;
  return IDBKeyRange.bound(lower, upper, !reverse && lower === after, reverse && upper === after);
}

/** Holds the lock until what it answers is called. */
function lock(name: string): Promise<() => void> {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  if (locks === undefined || globalThis.indexedDB === undefined) {
    return Promise.reject(new StoreError('store_unsupported'));
  }
  return new Promise((resolve, reject) => {
    const held = locks.request(name, { ifAvailable: true }, (granted) => {
      if (granted === null) throw new StoreError('store_locked');
      return new Promise<void>((release) => resolve(() => release()));
    });
    held.catch(reject);
  });
}
