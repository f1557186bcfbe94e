import type { ErrorDetails } from '@blindpost/protocol/errors';
import { Conversation, type PreKeys, SessionError, type Unsealed, unseal } from '@blindpost/session';
import { equalBytes } from '@noble/curves/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { type Content, decodeContent } from './content.js';
import { localError } from './errors.js';
import type { Ledger } from './ledger.js';
import type { StateChange, WireEvent } from './message.js';
import { type IncomingRecord, KEY, type MessageRecord } from './records.js';
import { hashOf } from './sender.js';
import type { ChatState, Peer, Transaction } from './state.js';
import type { Arrival, Transport } from './transport/transport.js';

export interface ReceiverOptions {
  state: ChatState;
  ledger: Ledger;
  transport: Transport;
  now: () => number;
  failed(error: unknown): void;
  wire(event: WireEvent): void;
  changed(change: StateChange): void;
  /** A message is in the inbox, and its sender is owed a receipt. */
  stored(peer: string): void;
  /** The peer wants again what it did not get. */
  wanted(peer: string): void;
  /** What a peer sent cannot be read: a new session is to be begun. */
  lost(peer: string, hash: string): void;
}

/** Names in the ring of what was seen, in bytes. */
const NAME = 16;
/** Messages of changed identities that wait for trust: of one peer, and of all. */
const HELD = 100;
const ALL_HELD = 1_000;

/** Ids that wait for a receipt. */
const MAX_OWED = 1_000;

/** What became of a message that came, and what is to be told after it is in the store. */
type Verdict =
  | { kind: 'known' }
  | { kind: 'text'; id: string }
  | { kind: 'receipt'; changes: StateChange[] }
  | { kind: 'renew' }
  | { kind: 'unread'; reason: string; renew: boolean }
  | { kind: 'held'; kept: boolean };

/** Everything that comes in: unsealed, decrypted and stored in one transaction, before anybody is told. */
export class Receiver {
  readonly #options: ReceiverOptions;

  constructor(options: ReceiverOptions) {
    this.#options = options;
  }

  /** Resolves when the message is in the store, or never can be read. Rejects only when the store fails. */
  receive(arrival: Arrival): Promise<void> {
    return this.#receive(arrival, undefined);
  }

  /** Reads what was held of a peer, now that its identity is trusted. */
  async release(name: string): Promise<void> {
    for (const [key, sealed] of await this.#options.state.store.list(KEY.heldOf(name))) {
      await this.#receive({ sealed, account: name }, key);
    }
  }

  async #receive({ sealed, account, trace }: Arrival, held: string | undefined): Promise<void> {
    const { state, failed, wire, changed, stored, wanted, lost } = this.#options;
    let unsealed: Unsealed;
    try {
      unsealed = unseal(state.identity, sealed);
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
      if (trace !== undefined) wire({ ...trace, message: null });
      failed(localError('bad_message', { reason: error.code }, error));
      return;
    }
    const hash = hashOf(unsealed.senderIdentityKey);
    const name = account ?? hash;
    const verdict = await state.run(async (tx) => {
      if (held !== undefined) tx.drop(held);
      const mark = nameOf(sealed);
      if (tx.hasSeen(mark)) return known;
      const verdict = await this.#read(tx, { name, hash, unsealed, sealed });
      // What strangers send, and nobody can read, is not to push out what is remembered of others.
      if (verdict.kind !== 'unread' && verdict.kind !== 'held') tx.see(mark);
      return verdict;
    });
    if (trace !== undefined) wire({ ...trace, message: verdict.kind === 'text' ? verdict.id : null });
    const details: ErrorDetails = { peer: this.#options.transport.addressOf(name, hash) };
    switch (verdict.kind) {
      case 'text':
        return stored(name);
      case 'receipt':
        return verdict.changes.forEach(changed);
      case 'renew':
        return wanted(name);
      case 'held':
        return failed(localError('identity_changed', { ...details, kept: verdict.kept }));
      case 'unread':
        failed(localError('bad_message', { ...details, reason: verdict.reason }));
        if (verdict.renew) lost(name, hash);
    }
  }

  async #read(
    tx: Transaction,
    { name, hash, unsealed, sealed }: { name: string; hash: string; unsealed: Unsealed; sealed: Uint8Array },
  ): Promise<Verdict> {
    const { state } = this.#options;
    const known = await tx.peer(name);
    if (known !== undefined && known.hash !== null && known.hash !== hash) {
      const kept = await this.#hold(tx, name, sealed);
      known.changedTo = hash;
      tx.save(known);
      return { kind: 'held', kept };
    }
    // To fail here would have it come again and again, in front of all others.
    if (known === undefined && !tx.hasRoom) return { kind: 'unread', reason: 'too_many_peers', renew: false };
    let content: Content | undefined;
    let peer: Peer;
    try {
      const opened = open(state, known?.conversation ?? null, unsealed, tx.preKeys());
      // Only now is anything known of a stranger: the seal alone proves nothing.
      peer = known ?? tx.addPeer(name);
      peer.conversation = opened.conversation;
      peer.identityKey = unsealed.senderIdentityKey;
      peer.hash = hash;
      tx.save(peer);
      content = decodeContent(opened.plaintext);
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
      if (error.code === 'replayed') return { kind: 'known' };
      return { kind: 'unread', reason: error.code, renew: true };
    }
    // The server's word for the account holds only if the sender says the same.
    const account = this.#options.transport.account === undefined ? undefined : name;
    if (content === undefined || content.from !== account) {
      return { kind: 'unread', reason: 'content', renew: false };
    }
    return this.#take(tx, peer, content);
  }

  async #take(tx: Transaction, peer: Peer, content: Content): Promise<Verdict> {
    const { ledger, now, transport, state } = this.#options;
    const address = transport.addressOf(peer.name, peer.hash);
    if (content.kind === 'renew') {
      peer.wanted = true;
      return { kind: 'renew' };
    }
    if (content.kind === 'receipt') {
      const changes: StateChange[] = [];
      for (const stage of ['received', 'read'] as const) {
        for (const id of content[stage]) {
          const change = await ledger.advance(tx, {
            peer: peer.name,
            address,
            n: ledger.numberOfId(id),
            id,
            state: stage,
          });
          if (change !== undefined) changes.push(change);
        }
      }
      return { kind: 'receipt', changes };
    }
    const { id, text, at } = content;
    // A receipt is owed even for what came before: it may have been the receipt that was lost.
    if (peer.received.length < MAX_OWED) peer.received.push(id);
    const mark = nameOf(utf8ToBytes(`${peer.name} ${id}`));
    if (tx.hasSeen(mark)) return { kind: 'text', id };
    tx.see(mark);
    const record: MessageRecord = { id, direction: 'in', text, sentAt: at, at: now(), state: 'received' };
    ledger.append(tx, peer, record);
    const incoming: IncomingRecord = { ...record, peer: peer.name, address };
    tx.put(KEY.incoming(state.nextNumber()), incoming);
    return { kind: 'text', id };
  }

  /** Keeps a message until its sender's new identity is trusted; false when there is no room. */
  async #hold(tx: Transaction, name: string, sealed: Uint8Array): Promise<boolean> {
    const { state } = this.#options;
    const kept = await tx.list(KEY.heldOf(name));
    if (kept.length >= HELD || state.heldCount >= ALL_HELD) return false;
    tx.put(KEY.held(name, state.nextNumber()), sealed);
    return true;
  }
}

const known: Verdict = { kind: 'known' };

function open(
  { identity }: ChatState,
  conversation: Conversation | null,
  { senderIdentityKey, message }: Unsealed,
  preKeys: PreKeys,
): { conversation: Conversation; plaintext: Uint8Array } {
  if (conversation !== null) return { conversation, plaintext: conversation.decrypt(message, preKeys) };
  const accepted = Conversation.accept(identity, preKeys, message);
  if (!equalBytes(accepted.peerIdentityKey, senderIdentityKey)) throw new SessionError('wrong_identity');
  return accepted;
}

function nameOf(bytes: Uint8Array): Uint8Array {
  return sha256(bytes).slice(0, NAME);
}
