import { Conversation, type PeerBundle, SessionError } from '@blindpost/session';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { insist } from '../retry/insist.js';
import { type Content, encodeContent } from './content.js';
import { Courier, type Outcome } from './courier.js';
import { localError } from './errors.js';
import type { Ledger } from './ledger.js';
import type { StateChange, WireEvent } from './message.js';
import { Receipts } from './receipts.js';
import type { MessageRecord, OutgoingRecord } from './records.js';
import { KEY, numberOf, readMessage, readOutgoing, readPeer } from './records.js';
import type { ChatState, Peer, Transaction } from './state.js';
import type { PeerAddress, Transport } from './transport/transport.js';

export interface SenderOptions {
  state: ChatState;
  ledger: Ledger;
  transport: Transport;
  now: () => number;
  changed(change: StateChange): void;
  failed(error: unknown): void;
  wire(event: WireEvent): void;
}

/** Patience with a server that does not answer when it is asked for keys. */
const PATIENCE = { tries: 5, patienceMs: 15_000 };
/** Messages that are sent again when the peer, or the server, has lost them. */
const AGAIN = 200;
/** Of one peer; of all together a day's worth of accidents, but no flood. */
const RENEWAL_MS = 3_600_000;
const RENEWALS = 20;
/** A peer that begins anew again and again is not sent everything each time. */
const ANSWER_MS = 600_000;
/** Everything that goes out: messages, and the renewal of sessions. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #courier: Courier;
  readonly #receipts: Receipts;
  /** Bundles that are being asked for. */
  readonly #asked = new Map<string, Promise<PeerBundle>>();
  readonly #answered = new Map<string, number>();
  #renewals: number[] = [];

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#courier = new Courier({
      transmit: (number) => this.#transmit(number),
      settled: (outcomes) => this.#settled(outcomes),
      failed: options.failed,
    });
    const { state, ledger, failed } = options;
    const posted = (peer: string, letter: number) => this.#courier.add(peer, letter);
    this.#receipts = new Receipts({ state, ledger, posted, failed });
  }

  /** Sends what an earlier life left. */
  async resume(): Promise<void> {
    const { store } = this.#options.state;
    for (const [key, value] of await store.list(KEY.outbox)) {
      this.#courier.add(readOutgoing(value).peer, numberOf(key));
    }
    for (const [key, value] of await store.list(KEY.peers)) {
      const { received, read, wanted } = readPeer(value);
      const name = key.slice(KEY.peers.length);
      if (received.length + read.length > 0) this.owe(name);
      if (wanted) void this.answerRenewal(name).catch(this.#options.failed);
    }
  }

  /** As {@link idle}, with the receipts that are owed. */
  async settle(): Promise<void> {
    await this.#receipts.send();
    await this.idle();
  }

  /** Resolves when the server has everything. */
  idle(): Promise<void> {
    return this.#courier.idle();
  }

  stop(): void {
    this.#receipts.stop();
    this.#courier.stop();
  }

  /** Encrypts and stores; resolves then. */
  async text({ name, hash }: PeerAddress, text: string): Promise<MessageRecord> {
    const { state, ledger, transport, now } = this.#options;
    const max = transport.maxContent;
    const content = (id: string, at: number): Content => ({ kind: 'text', id, text, at });
    const account = ledger.account === undefined ? 0 : ledger.account.length + 16;
    const size = encodeContent(content('0'.repeat(32), now())).length + account;
    if (size > max) throw localError('too_large', { max, size });
    const bundle = await this.#introduced(name);
    const { record, letter } = await state.run(async (tx) => {
      if (ledger.room <= 0) throw localError('outbox_full', { peer: name });
      const peer = (await tx.peer(name)) ?? tx.addPeer(name);
      if (peer.changedTo !== null) {
        throw localError('identity_changed', { peer: name, hash: peer.changedTo });
      }
      this.#meet(peer, hash, bundle);
      const at = now();
      const id = ledger.newId(peer.next);
      const record: MessageRecord = { id, direction: 'out', text, sentAt: at, at, state: 'queued' };
      const n = ledger.append(tx, peer, record);
      return { record, letter: ledger.post(tx, peer, content(id, at), n) };
    });
    this.#courier.add(name, letter);
    return record;
  }

  /** There is something in the record of this peer that a receipt is to tell. */
  owe(name: string): void {
    this.#receipts.owe(name);
  }

  /** Sends again what the peer has not stored yet, in its present session. */
  async again(name: string, { recall }: { recall: boolean }): Promise<void> {
    const { state, ledger } = this.#options;
    const bundle = recall ? await this.#introduced(name) : undefined;
    const letters = await state.run(async (tx) => {
      const peer = await tx.peer(name);
      if (peer === undefined || (peer.conversation === null && bundle === undefined)) return [];
      this.#meet(peer, null, bundle);
      if (recall) {
        await ledger.recall(tx, name);
        peer.wanted = false;
        tx.save(peer);
      }
      const kept = await tx.list(KEY.messages(name), { reverse: true, limit: AGAIN });
      const lost = kept.reverse().flatMap(([key, value]) => {
        const message = readMessage(value);
        const missing = message.state === 'sent' || (recall && message.state === 'queued');
        return message.direction === 'out' && missing ? [{ ...message, n: numberOf(key) }] : [];
      });
      const fit = lost.slice(0, Math.max(0, ledger.room));
      return fit.map(({ id, text, sentAt, n }) =>
        ledger.post(tx, peer, { kind: 'text', id, text, at: sentAt }, n),
      );
    });
    for (const letter of letters) this.#courier.add(name, letter);
  }

  /** A peer has begun anew: once in a while, it gets again what it lost. */
  async answerRenewal(name: string): Promise<void> {
    const { now } = this.#options;
    for (const [peer, at] of this.#answered) if (at <= now() - ANSWER_MS) this.#answered.delete(peer);
    if (this.#answered.has(name)) return;
    this.#answered.set(name, now());
    await this.again(name, { recall: true });
  }

  /** Lets go of the identity that a peer had, and of what was encrypted for it. */
  async forgetIdentity(name: string, hash: string | null): Promise<void> {
    const { state, ledger } = this.#options;
    await state.run(async (tx) => {
      const peer = (await tx.peer(name)) ?? tx.addPeer(name);
      peer.changedTo = null;
      if (peer.hash === null || peer.hash !== hash) {
        await ledger.recall(tx, name);
        peer.hash = hash;
        peer.identityKey = null;
        peer.conversation = null;
        peer.received = [];
        peer.read = [];
      }
      tx.save(peer);
    });
  }

  /** Of every peer: the server forgot what it had taken. */
  async allAgain(): Promise<void> {
    this.#courier.forgotten();
    for (const [key] of await this.#options.state.store.list(KEY.peers)) {
      await this.again(key.slice(KEY.peers.length), { recall: false });
    }
  }

  /** Begins a new session with a peer whose messages cannot be read: at most one in an hour, whoever sends what. */
  async renew(name: string, hash: string): Promise<void> {
    const { state, ledger, now } = this.#options;
    const allowed = await state.run(async (tx) => {
      const peer = await tx.peer(name);
      this.#renewals = this.#renewals.filter((at) => at > now() - RENEWAL_MS);
      if (this.#renewals.length >= RENEWALS) return false;
      if (peer !== undefined) {
        if (peer.renewedAt > now() - RENEWAL_MS) return false;
        peer.renewedAt = now();
        tx.save(peer);
      }
      this.#renewals.push(now());
      return true;
    });
    if (!allowed) return;
    const bundle = await this.#bundle(name);
    const letter = await state.run(async (tx) => {
      const peer = (await tx.peer(name)) ?? tx.addPeer(name);
      peer.renewedAt = now();
      if (peer.conversation === null) {
        this.#meet(peer, hash, bundle);
      } else {
        checkIdentity(peer, bundle);
        peer.conversation.renew(bundle);
      }
      return ledger.post(tx, peer, { kind: 'renew' });
    });
    this.#courier.add(name, letter);
  }

  /** Fetches the bundle of a peer that there is no conversation with. */
  async #introduced(name: string): Promise<PeerBundle | undefined> {
    const { state } = this.#options;
    const known = await state.run((tx) => tx.peer(name));
    return known?.conversation == null ? this.#bundle(name) : undefined;
  }

  /** Whoever asks meanwhile shares one answer, and one one-time prekey. */
  #bundle(name: string): Promise<PeerBundle> {
    const { transport } = this.#options;
    const asked =
      this.#asked.get(name) ??
      insist(() => transport.bundle(name), PATIENCE)
        .catch((error: unknown) => {
          if (error instanceof SessionError) throw localError('bad_bundle', { peer: name }, error);
          throw error;
        })
        .finally(() => this.#asked.delete(name));
    this.#asked.set(name, asked);
    return asked;
  }

  /**
   * Begins the conversation, where there is none.
   * @throws ChatError `identity_changed`, `bad_bundle`
   */
  #meet(peer: Peer, hash: string | null, bundle: PeerBundle | undefined): void {
    if (hash !== null) {
      if (peer.hash !== null && peer.hash !== hash) throw localError('identity_changed', { peer: peer.name });
      peer.hash = hash;
    }
    if (peer.conversation !== null) return;
    if (bundle === undefined) throw localError('unknown_peer', { peer: peer.name });
    checkIdentity(peer, bundle);
    try {
      peer.conversation = Conversation.begin(this.#options.state.identity, bundle);
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
      throw localError('bad_bundle', { peer: peer.name, reason: error.code }, error);
    }
    peer.identityKey = bundle.identityKey;
    peer.hash = hashOf(bundle.identityKey);
  }

  async #transmit(number: number): Promise<void> {
    const { state, transport, wire } = this.#options;
    const [record, sealed] = [
      await state.store.get(KEY.outgoing(number)),
      await state.store.get(KEY.sealed(number)),
    ];
    // Recalled since.
    if (record === undefined || sealed === undefined) return;
    const { peer, token, message } = readOutgoing(record);
    const trace = await transport.transmit(peer, sealed, token);
    const carried = message === null ? undefined : await state.store.get(KEY.message(peer, message));
    wire({ ...trace, message: carried === undefined ? null : readMessage(carried).id });
  }

  async #settled(outcomes: readonly Outcome[]): Promise<void> {
    const { state, changed, failed } = this.#options;
    const changes = await state.run(async (tx) => {
      const told: StateChange[] = [];
      for (const { number, error } of outcomes) {
        const record = await this.#options.ledger.take(tx, number);
        const change = record && (await this.#advance(tx, record, error === undefined ? 'sent' : 'failed'));
        if (change !== undefined) told.push(change);
        if (error !== undefined) failed(localError('not_sent', { ...change, reason: error.code }, error));
      }
      return told;
    });
    for (const change of changes) changed(change);
    this.#receipts.roomy();
  }

  async #advance(tx: Transaction, { peer: name, message }: OutgoingRecord, state: 'sent' | 'failed') {
    if (message === null) return undefined;
    const address = this.#options.transport.addressOf(name, (await tx.peer(name))?.hash ?? null);
    return this.#options.ledger.advance(tx, { peer: name, address, n: message, state });
  }
}

/** The name that a key gives, as hex. */
export function hashOf(identityKey: Uint8Array): string {
  return bytesToHex(sha256(identityKey));
}

function checkIdentity(peer: Peer, { identityKey }: PeerBundle): void {
  const hash = hashOf(identityKey);
  if (peer.hash !== null && peer.hash !== hash) {
    throw localError('identity_changed', { peer: peer.name, hash });
  }
}
