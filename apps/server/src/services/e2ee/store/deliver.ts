import { defineCommand, type Tx } from '../../../platform/sql/command.js';
import { type Full, fullness, type QueueLimits } from '../rules/room.js';
import { type EnvelopeRow, findByKey, findKeys, findSpent, insertEnvelopes, type Spent } from './envelope.js';
import { keyOf, lockQueues, type Owner, ownerKey, type Queue, saveQueues } from './queue.js';
import type { E2eeSchema } from './schema.js';
import { findShares, type Share, saveShares } from './share.js';

/** An envelope before it has its place in a queue. */
export type Draft = Omit<EnvelopeRow, 'queue' | 'sequence' | 'status' | 'delivered_at' | 'acked_at'> & {
  recipient: Owner;
};

/** Envelopes of one sender that are stored all or none. */
export type Deliver = { drafts: readonly Draft[]; limits: QueueLimits };

/** What became of one envelope. */
export type Stored =
  | { kind: 'stored'; sequence: number }
  /** It was stored before, under the same key; the row says how. */
  | { kind: 'replay'; row: EnvelopeRow }
  /** The same, and the row is gone meanwhile. */
  | { kind: 'spent'; spent: Spent };

export type Delivered =
  | { status: 'ok'; stored: readonly Stored[] }
  /** Nothing was stored; `item` is the draft at fault. */
  | { status: 'unknown'; item: number }
  | { status: 'mismatch'; item: number }
  | { status: 'full'; item: number; scope: Full };

/** Puts envelopes into their recipients' queues, each under the next sequence. */
export const deliver = defineCommand<E2eeSchema, Deliver, Delivered>(
  import.meta.url,
  'deliver',
  async (tx, inputs) => {
    const desk = await SortingDesk.open(tx, inputs);
    const outputs = inputs.map((input) => desk.take(input));
    await desk.close(tx);
    return outputs;
  },
);

/** What a batch of deliveries decides on, loaded at once, changed in memory, written at once. */
class SortingDesk {
  readonly #queues: Map<string, Queue>;
  readonly #shares: Map<string, Share>;
  readonly #known: Map<string, { content: Uint8Array; stored: Stored }>;
  readonly #rows: EnvelopeRow[] = [];

  private constructor(
    queues: Map<string, Queue>,
    shares: Map<string, Share>,
    known: Map<string, { content: Uint8Array; stored: Stored }>,
  ) {
    this.#queues = queues;
    this.#shares = shares;
    this.#known = known;
  }

  static async open(tx: Tx<E2eeSchema>, inputs: readonly Deliver[]): Promise<SortingDesk> {
    const drafts = inputs.length === 1 ? (inputs[0]?.drafts ?? []) : inputs.flatMap(({ drafts }) => drafts);
    // The lock comes first: what is read after it cannot change until the commit.
    const queues = await lockQueues(
      tx,
      drafts.map(({ recipient }) => recipient),
    );
    const keys = new Map<string, { key: Uint8Array }>();
    const wanted = new Map<string, { queue: number; sender: Uint8Array }>();
    for (const { key, sender, recipient } of drafts) {
      if (key !== null) keys.set(keyOf(key), { key });
      const queue = queues.get(ownerKey(recipient));
      if (queue !== undefined) wanted.set(shareKey(queue.id, sender), { queue: queue.id, sender });
    }
    const known = new Map<string, { content: Uint8Array; stored: Stored }>();
    const used = await findKeys(tx, [...keys.values()]);
    const gone = used.filter(({ spent }) => spent === 1);
    for (const spent of await findSpent(tx, gone)) {
      known.set(keyOf(spent.key), { content: spent.content, stored: { kind: 'spent', spent } });
    }
    const here = used.filter(({ spent }) => spent === 0);
    for (const row of await findByKey(tx, here)) {
      if (row.key === null || row.content === null) continue;
      known.set(keyOf(row.key), { content: row.content, stored: { kind: 'replay', row } });
    }
    const shares = new Map<string, Share>();
    for (const { queue, sender, waiting, waiting_bytes } of await findShares(tx, [...wanted.values()])) {
      shares.set(shareKey(queue, sender), { queue, sender, waiting, bytes: waiting_bytes });
    }
    return new SortingDesk(queues, shares, known);
  }

  /** Takes all drafts of the input, or none. */
  take({ drafts, limits }: Deliver): Delivered {
    const undo: (() => void)[] = [];
    const stored: Stored[] = [];
    for (const [item, draft] of drafts.entries()) {
      const result = this.#place(draft, limits, undo);
      if (typeof result !== 'string' && 'kind' in result) {
        stored.push(result);
        continue;
      }
      for (const step of undo.reverse()) step();
      return typeof result === 'string'
        ? { status: result, item }
        : { status: 'full', item, scope: result.full };
    }
    return { status: 'ok', stored };
  }

  async close(tx: Tx<E2eeSchema>): Promise<void> {
    const queues = new Set(this.#rows.map(({ queue }) => queue));
    await insertEnvelopes(tx, this.#rows);
    await saveQueues(
      tx,
      [...this.#queues.values()].filter(({ id }) => queues.has(id)),
    );
    const touched = new Set(this.#rows.map(({ queue, sender }) => shareKey(queue, sender)));
    await saveShares(
      tx,
      [...touched].flatMap((key) => this.#shares.get(key) ?? []),
    );
  }

  #place(
    draft: Draft,
    limits: QueueLimits,
    undo: (() => void)[],
  ): Stored | 'unknown' | 'mismatch' | { full: Full } {
    const { recipient, key, content, sender, size } = draft;
    const queue = this.#queues.get(ownerKey(recipient));
    if (queue === undefined) return 'unknown';
    // Before the room: who repeats what was taken is answered even when the queue is full.
    const before = key === null ? undefined : this.#known.get(keyOf(key));
    if (before !== undefined) {
      return content !== null && same(before.content, content) ? before.stored : 'mismatch';
    }
    const share = this.#share(queue.id, sender);
    const full = fullness(queue, share, size, limits);
    if (full !== null) return { full };

    queue.last += 1;
    // Member by member: to spread an object of so many takes longer than all the rest of this.
    const row: EnvelopeRow = {
      id: draft.id,
      queue: queue.id,
      sequence: queue.last,
      sender,
      key,
      content,
      type: draft.type,
      session: draft.session,
      group_id: draft.group_id,
      client_id: draft.client_id,
      ciphertext: draft.ciphertext,
      header: draft.header,
      signature: draft.signature,
      meta: draft.meta,
      status: 0,
      size,
      delivered_at: null,
      acked_at: null,
      expires_at: draft.expires_at,
      created_at: draft.created_at,
    };
    count(queue, share, size, 1);
    this.#rows.push(row);
    if (key !== null && content !== null) {
      this.#known.set(keyOf(key), { content, stored: { kind: 'replay', row } });
    }
    undo.push(() => {
      queue.last -= 1;
      count(queue, share, size, -1);
      this.#rows.pop();
      if (key !== null) this.#known.delete(keyOf(key));
    });
    return { kind: 'stored', sequence: row.sequence };
  }

  #share(queue: number, sender: Uint8Array): Share {
    const key = shareKey(queue, sender);
    const share = this.#shares.get(key) ?? { queue, sender, waiting: 0, bytes: 0 };
    this.#shares.set(key, share);
    return share;
  }
}

function count(queue: Queue, share: Share, size: number, sign: 1 | -1): void {
  queue.waiting += sign;
  queue.bytes += sign * size;
  share.waiting += sign;
  share.bytes += sign * size;
}

function shareKey(queue: number, sender: Uint8Array): string {
  return `${queue}:${keyOf(sender)}`;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
