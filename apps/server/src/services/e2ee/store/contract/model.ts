import { fullness, type QueueLimits } from '../../rules/room.js';
import type { Draft } from '../deliver.js';
import { hex } from './audit.js';
import { DAY_MS } from './desk.js';

type Envelope = {
  draft: Draft;
  sequence: number;
  status: number;
  deliveredAt: number | null;
  ackedAt: number | null;
};

type Queue = { last: number; envelopes: Envelope[] };

/** Queues as the page of rules describes them, in plain memory, one thing after the other. */
export class ModelQueues {
  readonly #queues = new Map<string, Queue>();
  /** Contents and places by key, of envelopes that are gone, with their end. */
  readonly #spent = new Map<string, { content: string; told: string; until: number }>();

  open(account: Uint8Array): void {
    if (!this.#queues.has(hex(account))) this.#queues.set(hex(account), { last: 0, envelopes: [] });
  }

  deliver(drafts: readonly Draft[], limits: QueueLimits): string {
    const undo = structuredClone([...this.#queues]);
    const told: string[] = [];
    for (const [item, draft] of drafts.entries()) {
      const one = this.#place(draft, limits);
      if (one.ok) {
        told.push(one.told);
        continue;
      }
      for (const [account, queue] of undo) this.#queues.set(account, queue);
      return `${one.told} ${item}`;
    }
    return told.join();
  }

  #place(draft: Draft, limits: QueueLimits): { ok: boolean; told: string } {
    const queue = this.#queues.get(hex(draft.recipient.account));
    if (queue === undefined) return { ok: false, told: 'unknown' };
    if (draft.key !== null) {
      const content = hex(draft.content ?? new Uint8Array());
      const { key } = draft;
      const before = queue.envelopes.find((one) => one.draft.key !== null && hex(one.draft.key) === hex(key));
      if (before !== undefined) {
        const same = hex(before.draft.content ?? new Uint8Array()) === content;
        return same ? { ok: true, told: `replay ${place(before)}` } : { ok: false, told: 'mismatch' };
      }
      const spent = this.#spent.get(hex(key));
      if (spent !== undefined) {
        return spent.content === content
          ? { ok: true, told: `spent ${spent.told}` }
          : { ok: false, told: 'mismatch' };
      }
    }
    const waiting = queue.envelopes.filter(({ ackedAt }) => ackedAt === null);
    const own = waiting.filter((one) => hex(one.draft.sender) === hex(draft.sender));
    const full = fullness(load(waiting), load(own), draft.size, limits);
    if (full !== null) return { ok: false, told: `full ${full}` };
    queue.last += 1;
    const envelope = { draft, sequence: queue.last, status: 0, deliveredAt: null, ackedAt: null };
    queue.envelopes.push(envelope);
    return { ok: true, told: `stored ${place(envelope)}` };
  }

  acknowledge(account: Uint8Array, which: (envelope: Envelope) => boolean, now: number): number {
    const waiting = this.#of(account).filter((one) => one.ackedAt === null && which(one));
    for (const one of waiting) {
      one.status = 2;
      one.deliveredAt ??= now;
      one.ackedAt = now;
    }
    return waiting.length;
  }

  mark(account: Uint8Array, first: number, last: number, now: number): void {
    for (const one of this.#of(account)) {
      if (one.status !== 0 || one.sequence < first || one.sequence > last) continue;
      one.status = 1;
      one.deliveredAt = now;
    }
  }

  sweep(now: number): void {
    for (const queue of this.#queues.values()) {
      const over = ({ draft, ackedAt }: Envelope) =>
        (draft.expires_at !== null && draft.expires_at <= now) ||
        (ackedAt !== null && ackedAt <= now - DAY_MS);
      for (const one of queue.envelopes.filter(over)) {
        const { key, content } = one.draft;
        if (key === null || content === null) continue;
        this.#spent.set(hex(key), { content: hex(content), told: place(one), until: now + DAY_MS });
      }
      queue.envelopes = queue.envelopes.filter((one) => !over(one));
    }
    for (const [key, { until }] of this.#spent) if (until <= now) this.#spent.delete(key);
  }

  erase(account: Uint8Array): void {
    this.#queues.delete(hex(account));
  }

  /** Places of what waits. */
  pending(account: Uint8Array, now: number): string[] {
    return this.#of(account)
      .filter(
        ({ ackedAt, draft }) => ackedAt === null && (draft.expires_at ?? Number.POSITIVE_INFINITY) > now,
      )
      .map(place);
  }

  /** Everything there is of an account, as {@link stateOf} tells it of the store. */
  state(account: Uint8Array): { last: number; envelopes: string[] } | null {
    const queue = this.#queues.get(hex(account));
    if (queue === undefined) return null;
    const envelopes = queue.envelopes.map((one) =>
      [place(one), one.status, one.deliveredAt, one.ackedAt].join(' '),
    );
    return { last: queue.last, envelopes };
  }

  ids(): Uint8Array[] {
    return [...this.#queues.values()].flatMap(({ envelopes }) => envelopes.map(({ draft }) => draft.id));
  }

  #of(account: Uint8Array): Envelope[] {
    return this.#queues.get(hex(account))?.envelopes ?? [];
  }
}

function place({ draft, sequence }: Envelope): string {
  return `${sequence} ${hex(draft.id)}`;
}

function load(envelopes: readonly Envelope[]): { waiting: number; bytes: number } {
  return { waiting: envelopes.length, bytes: envelopes.reduce((sum, { draft }) => sum + draft.size, 0) };
}
