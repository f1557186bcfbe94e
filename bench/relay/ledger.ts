import type { Moment } from './stamp.js';

/** What one pair sent and got in one phase: the evidence for losses, doubles and wrong order. */
export class Ledger {
  sent = 0;
  accepted = 0;
  received = 0;
  duplicates = 0;
  /** Messages that came after one sent later. */
  inversions = 0;
  lastReceivedAt: Moment = 0;
  /** Refusals by the server's error code. */
  readonly refused = new Map<string, number>();
  /** One-way times of the messages, each once, in milliseconds. */
  readonly latencies: number[] = [];
  readonly #first: number;
  readonly #seen: Uint8Array;
  #refusals = 0;
  #highest = -1;

  /**
   * @param first sequence number the phase begins with; what comes from earlier phases is not looked at
   * @param capacity messages the phase may send at most
   */
  constructor(first: number, capacity: number) {
    this.#first = first;
    this.#seen = new Uint8Array(capacity);
  }

  receive(sequence: number, sentAt: Moment, now: Moment): void {
    const index = sequence - this.#first;
    if (index < 0) return;
    if (this.#seen[index] !== 0) {
      this.duplicates += 1;
      return;
    }
    this.#seen[index] = 1;
    this.received += 1;
    if (index < this.#highest) this.inversions += 1;
    else this.#highest = index;
    this.latencies.push(now - sentAt);
    this.lastReceivedAt = now;
  }

  /** The server answered one message. @param refusal its error code, null when it took the message */
  answer(refusal: string | null): void {
    if (refusal === null) {
      this.accepted += 1;
      return;
    }
    this.#refusals += 1;
    this.refused.set(refusal, (this.refused.get(refusal) ?? 0) + 1);
  }

  get unanswered(): number {
    return this.sent - this.accepted - this.#refusals;
  }

  /** Sent, not refused, and not here yet. */
  get undelivered(): number {
    return this.sent - this.#refusals - this.received;
  }

  /** What counts against the window of a burst. */
  get open(): number {
    return Math.max(this.unanswered, this.undelivered);
  }
}
