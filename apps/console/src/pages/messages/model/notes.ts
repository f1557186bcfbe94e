/** What the page itself remembers beside the chat: how it travels, and of each peer its name here and what was read. */
import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb';
import { WAYS, type Way } from './mailbox.js';

export interface PeerNote {
  readonly address: string;
  /** What it is called here; empty: by its address. */
  readonly called: string;
  /** The last letter of it that was looked at. */
  readonly read: string | null;
}

interface Schema extends DBSchema {
  about: { key: 'way'; value: string };
  peers: { key: string; value: PeerNote };
}

export class Notes {
  readonly #name: string;
  readonly #database: IDBPDatabase<Schema>;

  private constructor(name: string, database: IDBPDatabase<Schema>) {
    this.#name = name;
    this.#database = database;
  }

  static async open(name: string): Promise<Notes> {
    const database = await openDB<Schema>(name, 1, {
      upgrade(made) {
        made.createObjectStore('about');
        made.createObjectStore('peers');
      },
    });
    return new Notes(name, database);
  }

  /** Undefined where there is no identity yet. */
  async way(): Promise<Way | undefined> {
    const kept = await this.#database.get('about', 'way');
    return WAYS.find((way) => way === kept);
  }

  async setWay(way: Way): Promise<void> {
    await this.#database.put('about', way, 'way');
  }

  async peers(): Promise<Map<string, PeerNote>> {
    const { store } = this.#database.transaction('peers');
    const [names, notes] = await Promise.all([store.getAllKeys(), store.getAll()]);
    return new Map(notes.map((note, n) => [names[n] ?? '', note]));
  }

  async setPeer(name: string, note: PeerNote): Promise<void> {
    await this.#database.put('peers', { ...note }, name);
  }

  close(): void {
    this.#database.close();
  }

  async destroy(): Promise<void> {
    this.close();
    await deleteDB(this.#name);
  }
}
