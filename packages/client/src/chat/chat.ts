import { safetyNumber } from '@blindpost/session';
import { AccountKey } from '../accounts/key.js';
import type { Addresses } from '../http/endpoint.js';
import { newSecret } from '../keys/signing-key.js';
import type { RelayClientOptions } from '../relay/options.js';
import { sleep } from '../retry/sleep.js';
import { MemoryStore } from '../stores/memory.js';
import type { ChatStore } from '../stores/store.js';
import { isIds } from './content.js';
import { localError } from './errors.js';
import { Events } from './events.js';
import { Inbox, type MessageHandler } from './inbox.js';
import { OwnKeys } from './keys.js';
import { Ledger } from './ledger.js';
import type { ChatMessage, StateChange, WireEvent } from './message.js';
import { Receiver } from './receiver.js';
import { KEY, type MessageRecord, readAccount, readMessage, readPeer } from './records.js';
import { hashOf, Sender } from './sender.js';
import { ChatState } from './state.js';
import { E2eeTransport } from './transport/e2ee.js';
import { RelayTransport } from './transport/relay.js';
import type { Transport, TransportListener } from './transport/transport.js';

export type ChatOptions = Addresses & {
  /** `relay`: anonymous and volatile, the default. `e2ee`: durable, by accounts. */
  via?: 'relay' | 'e2ee';
  /** Where everything is kept; in memory by default, which ends with the program. */
  store?: ChatStore;
  /** Messages kept of each peer, the latest. Default 1,000. */
  history?: number;
  /** Messages and receipts that wait to be sent; a send beyond rejects with `outbox_full`. Default 1,000. */
  outbox?: number;
  /** Secret of an account that there is already; for `e2ee` and a store that has none. */
  accountSecret?: Uint8Array;
  /** Resolves before there is a connection: for reading the history while the server is away. */
  offline?: boolean;
  onMessage?: MessageHandler;
  onState?: (change: StateChange) => void;
  /** What no call could be rejected with. The chat goes on. */
  onError?: (error: Error) => void;
  onWire?: (event: WireEvent) => void;
  onConnection?: (state: string) => void;
} & Pick<RelayClientOptions, 'rate' | 'pacing'>;

export interface PeerInfo {
  readonly peer: string;
  /** Whether messages of it wait for `trust`, because its identity has changed. */
  readonly changed: boolean;
}

export interface HistoryOptions {
  /** At most so many, the latest; default 100. */
  limit?: number;
  /** Only what came before the message of this number. */
  before?: number;
}

/** Patience at the end with a server that does not answer. */
const SETTLE_MS = 2_000;

/**
 * Messages end to end: encrypted, queued, sent until the server has them, decrypted, stored, acknowledged, and
 * receipted to their sender. At least once to the application, in order for each peer; what a crash cuts off goes on
 * with the store in the next life. Every verb rejects with a ChatError, the error of the service, or a StoreError.
 */
export class Chat {
  readonly #state: ChatState;
  readonly #transport: Transport;
  readonly #sender: Sender;
  readonly #receiver: Receiver;
  readonly #inbox: Inbox;
  readonly #events: Events;
  #ended: Promise<void> | undefined;
  /** Nothing is sent or handed over any more; so it stays when a burn fails, which may be tried again. */
  #left = false;

  private constructor(
    state: ChatState,
    transport: Transport,
    sender: Sender,
    receiver: Receiver,
    inbox: Inbox,
    events: Events,
  ) {
    this.#state = state;
    this.#transport = transport;
    this.#sender = sender;
    this.#receiver = receiver;
    this.#inbox = inbox;
    this.#events = events;
  }

  /**
   * Opens the chat of a store, or a new one, and connects. Keeps trying while the server is away.
   * @throws TypeError when no address is given, or one is not an http(s) URL
   */
  static async open(options: ChatOptions): Promise<Chat> {
    const { store = new MemoryStore(), history = 1_000, outbox = 1_000, onMessage } = options;
    const state = await ChatState.open(store, Date.now());
    try {
      const events = new Events(options);
      const failed = (error: unknown) => events.failed(error);
      const inbox = new Inbox(state, failed);
      // The transport tells its listener nothing before it is opened.
      const listener: TransportListener = {
        receive: async (arrival) => {
          await inbox.room();
          await receiver.receive(arrival);
        },
        forgotten: () => void sender.allAgain().catch(failed),
        failed,
        state: (now) => {
          if (now === 'closed' || now === 'replaced' || now === 'burned') sender.stop();
          events.connection(now);
        },
      };
      const transport = await transportOf(options, state, listener);
      const ledger = new Ledger(state, { history, outbox }, transport.account);
      const changed = (change: StateChange) => events.state(change);
      const wire = (event: WireEvent) => events.wire(event);
      const sender = new Sender({ state, ledger, transport, now: Date.now, changed, failed, wire });
      const receiver = new Receiver({
        state,
        ledger,
        transport,
        now: Date.now,
        changed,
        failed,
        wire,
        stored: (peer) => {
          inbox.arrived();
          sender.owe(peer);
        },
        wanted: (peer) => void sender.answerRenewal(peer).catch(failed),
        lost: (peer, hash) =>
          void sender
            .renew(peer, hash)
            .catch((cause) => failed(localError('renewal_failed', { peer }, cause))),
      });
      const chat = new Chat(state, transport, sender, receiver, inbox, events);
      if (onMessage !== undefined) inbox.consume(onMessage);
      try {
        await sender.resume();
        const opened = transport.open();
        if (options.offline !== true) await opened;
        else opened.catch((error: unknown) => (chat.#left ? undefined : failed(error)));
        return chat;
      } catch (error) {
        await chat.#leave(() => transport.close());
        throw error;
      }
    } catch (error) {
      await state.close('close');
      throw error;
    }
  }

  /** What others send to: the hash of the identity, by e2ee account and identity as `<account>#<hash>`. */
  get address(): string {
    return this.#transport.address;
  }

  get via(): 'relay' | 'e2ee' {
    return this.#transport.via;
  }

  /**
   * Encrypts a text and stores it, in one step, to be sent; resolves then, with state `queued`. What became of it,
   * `onState` tells. Rejects with `bad_peer`, `unknown_peer`, `identity_changed`, `too_large`, `outbox_full`.
   */
  async send(peer: string, text: string): Promise<ChatMessage> {
    this.#check();
    if (typeof text !== 'string') throw new TypeError('text must be a string');
    const address = this.#transport.parse(peer);
    const record = await this.#sender.text(address, text);
    return this.#shown(record, await this.#addressOf(address.name));
  }

  /**
   * Gives every message to `handler`, one after the other, until it resolves. A message that it throws on is given
   * to it again; one that a crash cut off, in the next life: it may see a message twice, with the same id.
   * @throws TypeError when there is a handler already
   */
  onMessage(handler: MessageHandler): void {
    this.#inbox.consume(handler);
  }

  /** Answers how to stop listening, as all of these do. */
  onState(listener: (change: StateChange) => void): () => void {
    return this.#events.on('state', listener);
  }

  onError(listener: (error: Error) => void): () => void {
    return this.#events.on('error', listener);
  }

  /** What the server sees of every message. */
  onWire(listener: (event: WireEvent) => void): () => void {
    return this.#events.on('wire', listener);
  }

  onConnection(listener: (state: string) => void): () => void {
    return this.#events.on('connection', listener);
  }

  /** Messages with a peer, oldest first. */
  async history(peer: string, { limit = 100, before }: HistoryOptions = {}): Promise<ChatMessage[]> {
    const { name } = this.#transport.parse(peer);
    const address = await this.#addressOf(name);
    const after = before === undefined ? {} : { after: KEY.message(name, before) };
    const kept = await this.#state.store.list(KEY.messages(name), { reverse: true, limit, ...after });
    return kept.reverse().map(([, value]) => this.#shown(readMessage(value), address));
  }

  /** Everybody there was a message with. */
  async peers(): Promise<PeerInfo[]> {
    return (await this.#state.store.list(KEY.peers)).map(([key, value]) => {
      const { hash, changedTo } = readPeer(value);
      const peer = this.#transport.addressOf(key.slice(KEY.peers.length), hash);
      return { peer, changed: changedTo !== null };
    });
  }

  /** Tells a peer that these messages of its own were read; ids of others are passed over by it. */
  async markRead(peer: string, ids: readonly string[]): Promise<void> {
    this.#check();
    const { name } = this.#transport.parse(peer);
    if (!isIds(ids)) throw localError('bad_message', { field: 'ids' });
    await this.#state.run(async (tx) => {
      const known = await tx.peer(name);
      if (known === undefined) throw localError('unknown_peer', { peer });
      known.read = [...new Set([...known.read, ...ids])].slice(-1_000);
      tx.save(known);
    });
    this.#sender.owe(name);
  }

  /**
   * 60 digits that are the same on both sides when nobody is in between; people compare them. Rejects with
   * `unknown_peer` before there is a session.
   */
  async safetyNumber(peer: string): Promise<string> {
    const { name } = this.#transport.parse(peer);
    const known = await this.#state.run((tx) => tx.peer(name));
    if (known?.identityKey == null) throw localError('unknown_peer', { peer });
    return safetyNumber(this.#state.identity.publicKey, known.identityKey);
  }

  /**
   * Accepts that a peer has another identity: the one in the address, or, where that names none, the next one seen.
   * Messages that waited for this are read, and what the peer did not get is sent again, to the new identity.
   */
  async trust(peer: string): Promise<void> {
    this.#check();
    const { name, hash } = this.#transport.parse(peer);
    await this.#sender.forgetIdentity(name, hash);
    await this.#receiver.release(name);
    await this.#sender.again(name, { recall: true });
  }

  /** Resolves when the server has everything that was sent; it waits as long as the server is away. */
  flush(): Promise<void> {
    return this.#sender.idle();
  }

  /** Ends the chat; its store is closed with it. What is not sent yet goes in the next life of a lasting store. */
  close(): Promise<void> {
    this.#ended ??= this.#end('close', () => this.#transport.close());
    return this.#ended;
  }

  /** Deletes everything the server has of this identity, or account, and everything here; ends the chat. */
  async burn(): Promise<void> {
    if (this.#ended !== undefined) throw localError('closed');
    this.#ended = this.#end('destroy', () => this.#transport.burn()).catch((error: unknown) => {
      this.#ended = undefined;
      throw error;
    });
    return this.#ended;
  }

  async #end(how: 'close' | 'destroy', leave: () => Promise<void>): Promise<void> {
    if (how === 'close') await atMost(SETTLE_MS, this.#sender.settle());
    await this.#leave(leave);
    await this.#state.close(how);
  }

  async #leave(leave: () => Promise<void>): Promise<void> {
    this.#left = true;
    this.#sender.stop();
    this.#inbox.stop();
    await leave();
  }

  #check(): void {
    if (this.#left || this.#ended !== undefined) throw localError('closed');
  }

  async #addressOf(name: string): Promise<string> {
    const record = await this.#state.store.get(KEY.peer(name));
    return this.#transport.addressOf(name, record === undefined ? null : readPeer(record).hash);
  }

  #shown(record: MessageRecord, peer: string): ChatMessage {
    return { ...record, peer, from: record.direction === 'out' ? this.address : peer };
  }
}

/** The transport asked for; a store is of one service, because its names mean something else by the other. */
async function transportOf(
  options: ChatOptions,
  state: ChatState,
  listener: TransportListener,
): Promise<Transport> {
  const { via = 'relay', accountSecret } = options;
  const keys = new OwnKeys(state, Date.now);
  const account = await state.store.get(KEY.account);
  if (via === 'relay') {
    if (account !== undefined) throw localError('wrong_store');
    return new RelayTransport(state.identity.secret, options, keys, listener);
  }
  if (account === undefined && (await state.store.list(KEY.peers, { limit: 1 })).length > 0) {
    throw localError('wrong_store');
  }
  const url = options.url ?? options.urls[0];
  if (url === undefined) throw new TypeError('url or urls must name at least one address');
  const record =
    account === undefined ? { secret: accountSecret ?? newSecret(), accountId: null } : readAccount(account);
  // The key is kept before the account is paid for.
  const keep = (accountId: string | null) =>
    state.run(async (tx) => tx.put(KEY.account, { secret: record.secret, accountId }));
  if (account === undefined) {
    // A secret that is none would be kept for ever.
    AccountKey.fromSecret(record.secret);
    await keep(null);
  }
  const hash = hashOf(state.identity.publicKey);
  return E2eeTransport.make(record, hash, { url }, keys, listener, keep);
}

async function atMost(ms: number, work: Promise<void>): Promise<void> {
  const over = new AbortController();
  await Promise.race([work.catch(() => {}), sleep(ms, over.signal)]);
  over.abort();
}
