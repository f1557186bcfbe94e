import { type FileHandle, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Change, type ChatStore, type Entry, type ListOptions, StoreError } from '../store.js';
import { refuseClosed, Table } from '../table.js';
import { isCode, lock } from './lock/node.js';
import { encodeRecord, readRecords } from './record.js';

export { StoreError, type StoreErrorCode } from '../store.js';

const MAGIC = new TextEncoder().encode('blindpost chat store 1\n');
/** Rewritten when it is larger than twice what it holds and this, in bytes. */
const SLACK = 1024 * 1024;
/** Rows of one record when the file is rewritten. */
const ROWS = 256;

/**
 * One file, for Node: every commit is appended and on disk when it resolves; the whole is held in memory. Mode 0600,
 * locked against other processes by `<path>.lock`; a process that was killed holds no lock.
 */
export class FileStore implements ChatStore {
  readonly #path: string;
  readonly #unlock: () => Promise<void>;
  readonly #table: Table;
  #file: FileHandle;
  /** Bytes of the file that are whole. */
  #length: number;
  #closed = false;
  /** Commits go one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    path: string,
    unlock: () => Promise<void>,
    table: Table,
    file: FileHandle,
    length: number,
  ) {
    this.#path = path;
    this.#unlock = unlock;
    this.#table = table;
    this.#file = file;
    this.#length = length;
  }

  /** Opens the store at `path`, or makes it. Rejects with `store_locked` or `store_broken`. */
  static async open(path: string): Promise<FileStore> {
    const at = await placeOf(path);
    const unlock = await lock(`${at}.lock`);
    try {
      const table = new Table();
      const contents = await contentsOf(at);
      if (contents.length === 0) {
        const { file, length } = await rewrite(at, table);
        await syncFolder(dirname(at));
        return new FileStore(at, unlock, table, file, length);
      }
      if (!MAGIC.every((byte, n) => byte === contents[n])) throw new StoreError('store_broken');
      const length = readRecords(contents, MAGIC.length, (changes) => table.apply(changes));
      if (length === undefined) throw new StoreError('store_broken');
      const file = await open(at, 'r+');
      await file.truncate(length);
      return new FileStore(at, unlock, table, file, length);
    } catch (error) {
      await unlock();
      throw error;
    }
  }

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
    if (changes.length === 0) return;
    const record = encodeRecord(changes);
    const kept = changes.map(({ key, value }) => ({ key, value: value?.slice() ?? null }));
    await this.#next(async () => {
      refuseClosed(this.#closed);
      try {
        await this.#append(record);
      } catch (cause) {
        throw new StoreError('store_failed', cause);
      }
      this.#table.apply(kept);
      // It is on disk, whatever becomes of the room.
      if (this.#length > 2 * this.#table.bytes + SLACK) await this.#compact().catch(() => {});
    });
  }

  close(): Promise<void> {
    return this.#next(async () => {
      if (this.#closed) return;
      this.#closed = true;
      await this.#file.close();
      await this.#unlock();
    });
  }

  destroy(): Promise<void> {
    return this.#next(async () => {
      if (this.#closed) return;
      this.#closed = true;
      // What was written may stay on the disk below the file system; it is overwritten as far as that can be told.
      await this.#file.truncate(0);
      await this.#file.sync();
      await this.#file.close();
      await rm(this.#path, { force: true });
      await this.#unlock();
    });
  }

  /** On failure the file ends where it did: half a record would hide all that come after it. */
  async #append(record: Uint8Array): Promise<void> {
    try {
      await writeAll(this.#file, record, this.#length);
      await this.#file.datasync();
    } catch (error) {
      await this.#file.truncate(this.#length).catch(() => {});
      throw error;
    }
    this.#length += record.length;
  }

  /** A failure leaves the old file, which holds the same. */
  async #compact(): Promise<void> {
    const { file, length } = await rewrite(this.#path, this.#table);
    const old = this.#file;
    this.#file = file;
    this.#length = length;
    await old.close();
    await syncFolder(dirname(this.#path));
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}

/** Where the file is, whatever links lead there: two names of one file are one lock. */
async function placeOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
    return join(await realpath(dirname(path)), basename(path));
  }
}

/** Empty when there is no file. A copy, because slices of a Buffer share its memory. */
async function contentsOf(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (isCode(error, 'ENOENT')) return new Uint8Array();
    throw error;
  }
}

/** Writes the whole beside the file and puts it in its place. */
async function rewrite(path: string, table: Table): Promise<{ file: FileHandle; length: number }> {
  const draft = `${path}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    let length = await writeAll(file, MAGIC, 0);
    const rows = [...table.entries()].map(([key, value]) => ({ key, value }));
    for (let at = 0; at < rows.length; at += ROWS) {
      length += await writeAll(file, encodeRecord(rows.slice(at, at + ROWS)), length);
    }
    await file.sync();
    await rename(draft, path);
    return { file, length };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** A disk that fills takes a part and says so only when it is asked again. Answers the length. */
async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<number> {
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
  }
  return bytes.length;
}

/** The new name is on disk only when its folder is; Windows knows no such thing. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
