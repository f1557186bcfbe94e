import { Conversation, IdentityKeys, PreKeys } from '@blindpost/session';
import type { ChatStore, Entry, ListOptions } from '../stores/store.js';
import { localError } from './errors.js';
import { encodeRecord, KEY, numberOf, type PeerRecord, readPeer } from './records.js';
import { SeenRing } from './seen.js';

/** Messages and ids remembered against repetition. */
const REMEMBERED = 8_192;
/** Strangers make peers too, and each takes room. */
const MAX_PEERS = 10_000;
/** Peers held in memory; all others are read again when they are needed. */
const CACHED = 1_000;

/** A peer as it is worked with. What is changed is saved by {@link Transaction.save}. */
export interface Peer extends PeerRecord {
  /** Hash of the identity, or id of the account. */
  readonly name: string;
  conversation: Conversation | null;
}

/** What one unit of work reads and writes; all of it is written at once, or nothing. */
export class Transaction {
  readonly #state: ChatState;
  readonly #writes = new Map<string, Uint8Array | null>();
  readonly #saved = new Set<Peer>();
  readonly #seen: Uint8Array[] = [];
  #added = 0;
  #preKeys: { before: Uint8Array; keys: PreKeys } | undefined;

  constructor(state: ChatState) {
    this.#state = state;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const written = this.#writes.get(key);
    return written === undefined ? this.#state.store.get(key) : (written ?? undefined);
  }

  /** What is in the store; nothing of what this transaction has written. */
  list(prefix: string, options?: ListOptions): Promise<Entry[]> {
    return this.#state.store.list(prefix, options);
  }

  put(key: string, value: Uint8Array | object): void {
    this.#writes.set(key, value instanceof Uint8Array ? value : encodeRecord(value));
  }

  drop(key: string): void {
    this.#writes.set(key, null);
  }

  peer(name: string): Promise<Peer | undefined> {
    return this.#state.peer(name);
  }

  /** Whether there may be one more peer. */
  get hasRoom(): boolean {
    return this.#state.peerCount < MAX_PEERS;
  }

  /** One that was not there; saved. */
  addPeer(name: string): Peer {
    if (!this.hasRoom) throw localError('too_many_peers', { peer: name });
    const peer: Peer = {
      name,
      hash: null,
      identityKey: null,
      changedTo: null,
      first: 0,
      next: 0,
      renewedAt: 0,
      received: [],
      read: [],
      wanted: false,
      conversation: null,
    };
    this.#added += 1;
    this.#saved.add(peer);
    return peer;
  }

  save(peer: Peer): void {
    this.#saved.add(peer);
  }

  /** The own prekeys; what happens to them is saved. */
  preKeys(): PreKeys {
    const keys = this.#state.preKeys;
    this.#preKeys ??= { before: keys.toBytes(), keys };
    return keys;
  }

  hasSeen(name: Uint8Array): boolean {
    return this.#state.seen.has(name) || this.#seen.some((one) => one.every((byte, n) => byte === name[n]));
  }

  see(name: Uint8Array): void {
    if (!this.hasSeen(name)) this.#seen.push(name);
  }

  /** Writes everything. */
  async commit(): Promise<void> {
    const { store, seen } = this.#state;
    for (const { name, conversation, ...record } of this.#saved) {
      this.put(KEY.peer(name), record);
      if (conversation === null) this.drop(KEY.conversation(name));
      else this.put(KEY.conversation(name), conversation.toBytes());
    }
    if (this.#preKeys !== undefined) {
      const { before, keys } = this.#preKeys;
      const now = keys.toBytes();
      if (now.length !== before.length || now.some((byte, n) => byte !== before[n]))
        this.put(KEY.preKeys, now);
    }
    for (const [key, value] of seen.entries(this.#seen)) this.put(key, value);
    if (this.#writes.size > 0) await store.commit([...this.#writes].map(([key, value]) => ({ key, value })));
    seen.add(this.#seen);
    this.#state.written(this.#writes, this.#saved, this.#added);
  }
}

const inUse = new WeakSet<ChatStore>();

/**
 * Everything a chat must not forget. One unit of work at a time: whatever a key was used for is in the store before
 * anybody sees it, so that after a crash no key is used again. A unit that fails leaves nothing behind.
 */
export class ChatState {
  readonly store: ChatStore;
  readonly identity: IdentityKeys;
  readonly seen = new SeenRing(REMEMBERED);
  preKeys: PreKeys;
  /** Envelopes that wait to be sent. */
  outboxSize = 0;
  /** Messages that the application is not done with. */
  inboxSize = 0;
  peerCount = 0;
  heldCount = 0;
  readonly #peers = new Map<string, Peer>();
  #lastNumber = 0;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(store: ChatStore, identity: IdentityKeys, preKeys: PreKeys) {
    this.store = store;
    this.identity = identity;
    this.preKeys = preKeys;
  }

  /** What the store holds, or a new identity where it holds nothing. */
  static async open(store: ChatStore, now: number): Promise<ChatState> {
    if (inUse.has(store)) throw localError('store_in_use');
    inUse.add(store);
    try {
      const [secret, keys] = [await store.get(KEY.identity), await store.get(KEY.preKeys)];
      const identity = secret === undefined ? IdentityKeys.create() : IdentityKeys.fromSecret(secret);
      const preKeys = keys === undefined ? PreKeys.create(identity, now) : PreKeys.fromBytes(keys);
      const state = new ChatState(store, identity, preKeys);
      await store.commit([
        ...(secret === undefined ? [{ key: KEY.identity, value: identity.secret }] : []),
        ...(keys === undefined ? [{ key: KEY.preKeys, value: preKeys.toBytes() }] : []),
      ]);
      await state.#load();
      return state;
    } catch (error) {
      inUse.delete(store);
      throw error;
    }
  }

  /** Runs one unit of work, after those before it; rejects with what it throws, and then nothing was done. */
  run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const result = this.#last.then(async () => {
      if (this.#closed) throw localError('closed');
      const tx = new Transaction(this);
      try {
        const answer = await work(tx);
        await tx.commit();
        return answer;
      } catch (error) {
        await this.#forget();
        throw error;
      }
    });
    this.#last = result.catch(() => {});
    return result;
  }

  /** Numbers grow, and those in the store are never given again. */
  nextNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }

  async peer(name: string): Promise<Peer | undefined> {
    const known = this.#peers.get(name);
    if (known !== undefined) return known;
    const record = await this.store.get(KEY.peer(name));
    if (record === undefined) return undefined;
    const kept = await this.store.get(KEY.conversation(name));
    const conversation = kept === undefined ? null : Conversation.fromBytes(this.identity, kept);
    const peer: Peer = { name, ...readPeer(record), conversation };
    this.#peers.set(name, peer);
    return peer;
  }

  /** Counts what a transaction wrote. */
  written(writes: ReadonlyMap<string, Uint8Array | null>, saved: ReadonlySet<Peer>, added: number): void {
    this.peerCount += added;
    if (this.#peers.size > CACHED) this.#peers.clear();
    for (const peer of saved) this.#peers.set(peer.name, peer);
    for (const [key, value] of writes) {
      const change = value === null ? -1 : 1;
      if (key.startsWith(KEY.outbox)) this.outboxSize += change;
      else if (key.startsWith(KEY.inbox)) this.inboxSize += change;
      else if (key.startsWith(KEY.allHeld)) this.heldCount += change;
    }
  }

  /** Waits for what is under way. */
  async close(how: 'close' | 'destroy'): Promise<void> {
    this.#closed = true;
    await this.#last;
    await this.store[how]();
    inUse.delete(this.store);
  }

  async #load(): Promise<void> {
    const [outbox, inbox, held, peers] = await Promise.all(
      [KEY.outbox, KEY.inbox, KEY.allHeld, KEY.peers].map((prefix) => this.store.list(prefix)),
    );
    for (const [key] of [outbox, inbox, held].flatMap((entries = []) => entries)) {
      this.#lastNumber = Math.max(this.#lastNumber, numberOf(key));
    }
    this.outboxSize = outbox?.length ?? 0;
    this.inboxSize = inbox?.length ?? 0;
    this.heldCount = held?.length ?? 0;
    this.peerCount = peers?.length ?? 0;
    await this.seen.load(this.store);
  }

  /** What is in memory may be ahead of the store. */
  async #forget(): Promise<void> {
    this.#peers.clear();
    try {
      const keys = await this.store.get(KEY.preKeys);
      if (keys !== undefined) this.preKeys = PreKeys.fromBytes(keys);
    } catch {
      // A store that cannot be read any more: nothing is sent or read from here on.
      this.#closed = true;
    }
  }
}
