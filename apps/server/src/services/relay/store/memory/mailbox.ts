import { chargeOf, messageId } from '../message.js';
import type { NewMessage, RelayStoreLimits, StoredMessage } from '../store.js';

/** What the whole store holds. */
export type Occupancy = {
  messages: number;
  /** Bytes of all mailboxes. */
  bytes: number;
  /** Of these, bytes in the mailboxes of names that nobody owns or ever logged into. */
  unclaimed: number;
  /** Bytes of bundles, grants and references. */
  held: number;
};

/** Largest share of the memory that unclaimed mailboxes get: strangers must not fill it all. */
const UNCLAIMED_SHARE = 0.5;

type Tally = { count: number; bytes: number };
type Queued = Omit<StoredMessage, 'id'> & { salt: string; at: number; size: number; sender: string };

/** One identity's queue, oldest first. Refuses at its bounds and never evicts what it accepted. */
export class Mailbox {
  /** Sequence of the newest message ever queued. */
  tail = 0;
  private bytes = 0;
  private unclaimed = true;
  private readonly queue: Queued[] = [];
  private readonly senders = new Map<string, Tally>();

  /**
   * @param sender tag of the sender under this record's own key
   * @param stored what the whole store holds; kept up to date here
   * @returns the sequence, or which bound refused it
   */
  append(
    message: NewMessage,
    sender: string,
    now: number,
    limits: RelayStoreLimits,
    stored: Occupancy,
  ): number | 'sender' | 'mailbox' | 'memory' {
    const { kind, type, payload, salt } = message;
    const size = chargeOf(message);
    const sent = this.senders.get(sender) ?? { count: 0, bytes: 0 };
    if (sent.count + 1 > limits.senderShare * limits.mailboxMessages) return 'sender';
    if (sent.bytes + size > limits.senderShare * limits.mailboxBytes) return 'sender';
    if (this.queue.length + 1 > limits.mailboxMessages) return 'mailbox';
    if (this.bytes + size > limits.mailboxBytes) return 'mailbox';
    if (limits.memoryBytes > 0 && !this.fits(size, limits.memoryBytes, stored)) return 'memory';

    this.tail += 1;
    this.queue.push({ sequence: this.tail, salt, kind, type, payload, at: now, size, sender });
    this.senders.set(sender, { count: sent.count + 1, bytes: sent.bytes + size });
    this.count(1, size, stored);
    return this.tail;
  }

  /** Messages after sequence `after`, at most `count` and as many bytes as charged, but never none if there is one. */
  read(after: number, count: number, bytes: number): StoredMessage[] {
    const messages: StoredMessage[] = [];
    let room = bytes;
    for (let index = this.firstFrom(after + 1); messages.length < count; index++) {
      const queued = this.queue[index];
      if (queued === undefined) break;
      room -= queued.size;
      if (room < 0 && messages.length > 0) break;
      const { sequence, salt, kind, type, payload } = queued;
      messages.push({ sequence, id: messageId(sequence, salt), kind, type, payload });
    }
    return messages;
  }

  /** Deletes the message if the salt is its own: after a burn the same sequence is another message. */
  remove(sequence: number, salt: string, stored: Occupancy): boolean {
    const index = this.firstFrom(sequence);
    const queued = this.queue[index];
    if (queued?.sequence !== sequence || queued.salt !== salt) return false;
    this.queue.splice(index, 1);
    this.release(queued, stored);
    return true;
  }

  /** Drops what was queued at `until` or before. */
  expire(until: number, stored: Occupancy): void {
    const oldest = this.queue[0];
    if (oldest === undefined || oldest.at > until) return;
    const kept = this.queue.findIndex(({ at }) => at > until);
    const expired = this.queue.splice(0, kept === -1 ? this.queue.length : kept);
    for (const queued of expired) this.release(queued, stored);
  }

  /** Someone has logged in or owns the name: what lies here is no longer a stranger's claim on memory. */
  settle(stored: Occupancy): void {
    if (this.unclaimed) stored.unclaimed -= this.bytes;
    this.unclaimed = false;
  }

  private fits(size: number, memoryBytes: number, stored: Occupancy): boolean {
    if (stored.bytes + stored.held + size > memoryBytes) return false;
    return !this.unclaimed || stored.unclaimed + size <= UNCLAIMED_SHARE * memoryBytes;
  }

  private count(messages: number, bytes: number, stored: Occupancy): void {
    this.bytes += bytes;
    stored.messages += messages;
    stored.bytes += bytes;
    if (this.unclaimed) stored.unclaimed += bytes;
  }

  private release({ size, sender }: Queued, stored: Occupancy): void {
    this.count(-1, -size, stored);
    const sent = this.senders.get(sender);
    if (sent === undefined || sent.count === 1) this.senders.delete(sender);
    else this.senders.set(sender, { count: sent.count - 1, bytes: sent.bytes - size });
  }

  /** Index of the first message whose sequence is at least `sequence`. */
  private firstFrom(sequence: number): number {
    let low = 0;
    let high = this.queue.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.queue[middle]?.sequence ?? 0) < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
