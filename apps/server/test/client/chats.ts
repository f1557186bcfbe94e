/** Chats of a test file, closed when it ends, and stores that show what is sealed in them. */
import {
  Blindpost,
  type Change,
  type Chat,
  type ChatMessage,
  type ChatStore,
  type Entry,
  type ListOptions,
  MemoryStore,
  type OpenChat,
  type StateChange,
} from '@blindpost/client';
import { type IdentityKeys, unseal } from '@blindpost/session';

export interface Talker {
  chat: Chat;
  got: ChatMessage[];
  errors: { code: unknown; details: unknown }[];
  states: StateChange[];
}

export class Chats {
  readonly #chats: Chat[] = [];

  async open(url: string, options: OpenChat = {}): Promise<Talker> {
    const got: ChatMessage[] = [];
    const errors: Talker['errors'] = [];
    const states: StateChange[] = [];
    const chat = await new Blindpost({ url }).chat({
      rate: false,
      onMessage: (message) => void got.push(message),
      onState: (change) => void states.push(change),
      onError: (error) =>
        void errors.push({
          code: 'code' in error ? error.code : error,
          details: 'details' in error ? error.details : undefined,
        }),
      ...options,
    });
    this.#chats.push(chat);
    return { chat, got, errors, states };
  }

  async close(): Promise<void> {
    await Promise.all(this.#chats.map((chat) => chat.close().catch(() => {})));
  }
}

/** Remembers every sealed message that was ever put into it. */
export class RecordingStore implements ChatStore {
  readonly sealed: Uint8Array[] = [];
  readonly #store: ChatStore;

  constructor(store: ChatStore = new MemoryStore()) {
    this.#store = store;
  }

  get(key: string): Promise<Uint8Array | undefined> {
    return this.#store.get(key);
  }

  list(prefix: string, options?: ListOptions): Promise<Entry[]> {
    return this.#store.list(prefix, options);
  }

  async commit(changes: readonly Change[]): Promise<void> {
    for (const { key, value } of changes) {
      if (key.startsWith('sealed/') && value !== null) this.sealed.push(value.slice());
    }
    await this.#store.commit(changes);
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  destroy(): Promise<void> {
    return this.#store.destroy();
  }
}

/** A store that holds on to what another held, when its chat has closed. */
export class CopyStore extends MemoryStore {
  /** Everything, at the moment of closing. */
  kept: Entry[] = [];

  override async close(): Promise<void> {
    this.kept = await this.list('').catch(() => this.kept);
    await super.close();
  }
}

/** A store with those entries, as after a restore. */
export async function storeOf(entries: readonly Entry[]): Promise<CopyStore> {
  const store = new CopyStore();
  await store.commit(entries.map(([key, value]) => ({ key, value })));
  return store;
}

const PREKEY_MESSAGE = 2;
/** Version, format, two keys, two ids and a KEM ciphertext. */
const PREKEY_PREFIX = 2 + 32 + 32 + 4 + 4 + 1568;
const HEADER = 32 + 4 + 4;

/** The header of the ratchet in a sealed message, as hex: two messages of one key have the same. */
export function ratchetHeader(recipient: IdentityKeys, sealed: Uint8Array): string {
  const { message } = unseal(recipient, Uint8Array.from(sealed));
  const at = message[1] === PREKEY_MESSAGE ? PREKEY_PREFIX + (message[PREKEY_PREFIX] === 1 ? 5 : 1) : 2;
  return Buffer.from(message.subarray(at, at + HEADER)).toString('hex');
}
