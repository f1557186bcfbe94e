/** Sets a key, or with null takes it away. Later changes of one commit win over earlier ones. */
export interface Change {
  readonly key: string;
  readonly value: Uint8Array | null;
}

export type Entry = readonly [key: string, value: Uint8Array];

export interface ListOptions {
  /** Only keys behind this one, in the order asked for. */
  after?: string;
  /** At most so many. */
  limit?: number;
  /** Greatest key first. */
  reverse?: boolean;
}

/**
 * Where a chat keeps everything: keys are text in the order of their UTF-16 units, values are bytes. What it holds
 * are secrets in the clear. A store belongs to one chat at a time; adapters see to that across processes and tabs.
 */
export interface ChatStore {
  /** Rejects with a StoreError, as every verb does. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Those whose key begins with `prefix`, in the order of their keys. */
  list(prefix: string, options?: ListOptions): Promise<Entry[]>;
  /** All changes or none. Resolved means that they outlive a crash, as far as the adapter can promise that. */
  commit(changes: readonly Change[]): Promise<void>;
  /** Lets another have it. Every verb but this one rejects with `store_closed` from then on. */
  close(): Promise<void>;
  /** Deletes everything and closes. */
  destroy(): Promise<void>;
}

const MESSAGES = {
  store_closed: 'The store is closed.',
  store_locked: 'The store is in use by another process, or another tab.',
  store_broken: 'The store cannot be read, or was not written by this version.',
  store_failed: 'The store could not be written.',
  store_unsupported: 'This platform has nothing to keep the store, or to lock it with.',
} as const satisfies Record<string, string>;

export type StoreErrorCode = keyof typeof MESSAGES;

/** What stores reject with. Branch on `code`. */
export class StoreError extends Error {
  override readonly name = 'StoreError';

  constructor(
    readonly code: StoreErrorCode,
    cause?: unknown,
  ) {
    super(MESSAGES[code], cause === undefined ? undefined : { cause });
  }
}
