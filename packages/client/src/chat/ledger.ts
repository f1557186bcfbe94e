import { seal } from '@blindpost/session';
import { bytesToHex, randomBytes } from '@noble/hashes/utils.js';
import { type Content, encodeContent } from './content.js';
import { localError } from './errors.js';
import { isLater, type MessageState, type StateChange } from './message.js';
import {
  KEY,
  type MessageRecord,
  numberOf,
  type OutgoingRecord,
  readMessage,
  readOutgoing,
} from './records.js';
import type { ChatState, Peer, Transaction } from './state.js';

/** Digits of an id that tell the number of its message, before the random ones. */
const NUMBER_DIGITS = 12;

/** What is written in one transaction when a message goes or comes. */
export class Ledger {
  readonly #state: ChatState;
  readonly #history: number;
  readonly #outbox: number;
  /** Own account, which every content names. */
  readonly account: string | undefined;

  constructor(state: ChatState, bounds: { history: number; outbox: number }, account: string | undefined) {
    this.#state = state;
    this.#history = bounds.history;
    this.#outbox = bounds.outbox;
    this.account = account;
  }

  /** How much more the outbox takes. */
  get room(): number {
    return this.#outbox - this.#state.outboxSize;
  }

  /** An id by which its own message is found again; others learn from it how many there were with them. */
  newId(n: number): string {
    return n.toString(16).padStart(NUMBER_DIGITS, '0') + bytesToHex(randomBytes(10));
  }

  /** Puts a message at the end of the history; the oldest goes when there are too many. Answers its number. */
  append(tx: Transaction, peer: Peer, record: MessageRecord): number {
    const n = peer.next;
    peer.next += 1;
    tx.put(KEY.message(peer.name, n), record);
    for (; peer.next - peer.first > this.#history; peer.first += 1) {
      tx.drop(KEY.message(peer.name, peer.first));
    }
    tx.save(peer);
    return n;
  }

  /**
   * Encrypts for a peer whose conversation there is, and puts it into the outbox. Answers the number of the letter.
   * @param message - number of the message that it carries
   * @throws ChatError `outbox_full`
   */
  post(tx: Transaction, peer: Peer, content: Content, message: number | null = null): number {
    const { conversation, identityKey } = peer;
    if (this.room <= 0) throw localError('outbox_full', { peer: peer.name });
    if (conversation === null || identityKey === null) throw localError('unknown_peer', { peer: peer.name });
    const named = this.account === undefined ? content : { ...content, from: this.account };
    const plain = conversation.encrypt(encodeContent(named));
    const sealed = seal(identityKey, this.#state.identity.publicKey, plain);
    const n = this.#state.nextNumber();
    const record: OutgoingRecord = { peer: peer.name, token: bytesToHex(randomBytes(16)), message };
    tx.put(KEY.outgoing(n), record);
    tx.put(KEY.sealed(n), sealed);
    tx.save(peer);
    return n;
  }

  /** Takes a letter out of the outbox; answers what it was, undefined when it is gone. */
  async take(tx: Transaction, n: number): Promise<OutgoingRecord | undefined> {
    const record = await tx.get(KEY.outgoing(n));
    if (record === undefined) return undefined;
    tx.drop(KEY.outgoing(n));
    tx.drop(KEY.sealed(n));
    return readOutgoing(record);
  }

  /** Takes everything for a peer out of the outbox. */
  async recall(tx: Transaction, peer: string): Promise<void> {
    for (const [key, value] of await tx.list(KEY.outbox)) {
      if (readOutgoing(value).peer === peer) await this.take(tx, numberOf(key));
    }
  }

  /** Moves a message of one's own forward; answers the change, undefined when it was there already, or is gone. */
  async advance(
    tx: Transaction,
    {
      peer,
      address,
      n,
      id,
      state,
    }: { peer: string; address: string; n: number; id?: string; state: MessageState },
  ): Promise<StateChange | undefined> {
    const key = KEY.message(peer, n);
    const kept = await tx.get(key);
    if (kept === undefined) return undefined;
    const message = readMessage(kept);
    if (message.direction !== 'out' || (id !== undefined && message.id !== id)) return undefined;
    if (!isLater(state, message.state)) return undefined;
    tx.put(key, { ...message, state });
    return { id: message.id, peer: address, state };
  }

  /** The number of the message that an id of one's own speaks of; what a peer sends as one may be anything. */
  numberOfId(id: string): number {
    return Number.parseInt(id.slice(0, NUMBER_DIGITS), 16);
  }
}
