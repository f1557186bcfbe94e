import { byteKey } from '../../../platform/sql/byte-key.js';
import { defineCommand, type Tx } from '../../../platform/sql/command.js';
import { type Full, fullness, type Load, mayExceedShare, type QueueLimits } from '../rules/room.js';
import { type EnvelopeRow, findByKey, findKeys, findSpent, insertEnvelopes, type Spent } from './envelope.js';
import { lockQueues, type Owner, ownerKey, type Queue, saveQueues } from './queue.js';
import type { E2eeSchema } from './schema.js';
import { findShares, raiseShares } from './share.js';

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

/** Where a draft belongs. */
type Place = { queue: Queue; share: Share; key: string | null };

/** What waits from a sender: what this batch adds, and what there was before where that can matter. */
type Share = { queue: number; sender: Uint8Array; before: Load | null; waiting: number; bytes: number };

type Known = { content: Uint8Array; stored: Stored };

/** What a batch of deliveries decides on, loaded at once, changed in memory, written at once. */
class SortingDesk {
  readonly #places: ReadonlyMap<Draft, Place>;
  readonly #known: Map<string, Known>;
  readonly #rows: EnvelopeRow[] = [];
  readonly #queues = new Set<Queue>();
  readonly #shares = new Set<Share>();

  private constructor(places: ReadonlyMap<Draft, Place>, known: Map<string, Known>) {
    this.#places = places;
    this.#known = known;
  }

  static async open(tx: Tx<E2eeSchema>, inputs: readonly Deliver[]): Promise<SortingDesk> {
    // The lock comes first: what is read after it cannot change until the commit.
    const queues = await lockQueues(
      tx,
      inputs.flatMap(({ drafts }) => drafts.map(({ recipient }) => recipient)),
    );
    const places = placesOf(inputs, queues);
    await loadShares(tx, inputs, places);
    const keys = new Map<string, { key: Uint8Array }>();
    for (const [{ key }, { key: name }] of places) if (key !== null && name !== null) keys.set(name, { key });
    return new SortingDesk(places, await loadKnown(tx, [...keys.values()]));
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
    await insertEnvelopes(tx, this.#rows);
    await saveQueues(tx, [...this.#queues]);
    // Of a refused input, the shares of nothing are left.
    await raiseShares(
      tx,
      [...this.#shares].filter(({ waiting }) => waiting > 0),
    );
  }

  #place(
    draft: Draft,
    limits: QueueLimits,
    undo: (() => void)[],
  ): Stored | 'unknown' | 'mismatch' | { full: Full } {
    const place = this.#places.get(draft);
    if (place === undefined) return 'unknown';
    const { queue, share, key } = place;
    const { content, size } = draft;
    // Before the room: who repeats what was taken is answered even when the queue is full.
    const before = key === null ? undefined : this.#known.get(key);
    if (before !== undefined) {
      return content !== null && same(before.content, content) ? before.stored : 'mismatch';
    }
    const full = fullness(queue, ofSender(share, queue), size, limits);
    if (full !== null) return { full };

    queue.last += 1;
    // Member by member: to spread an object of so many takes longer than all the rest of this.
    const row: EnvelopeRow = {
      id: draft.id,
      queue: queue.id,
      sequence: queue.last,
      sender: draft.sender,
      key: draft.key,
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
    this.#queues.add(queue);
    this.#shares.add(share);
    if (key !== null && content !== null) this.#known.set(key, { content, stored: { kind: 'replay', row } });
    undo.push(() => {
      queue.last -= 1;
      count(queue, share, size, -1);
      this.#rows.pop();
      if (key !== null) this.#known.delete(key);
    });
    return { kind: 'stored', sequence: row.sequence };
  }
}

/** The places of all drafts whose recipient has a queue. */
function placesOf(inputs: readonly Deliver[], queues: ReadonlyMap<string, Queue>): Map<Draft, Place> {
  const places = new Map<Draft, Place>();
  const shares = new Map<string, Share>();
  for (const { drafts } of inputs) {
    for (const draft of drafts) {
      const queue = queues.get(ownerKey(draft.recipient));
      if (queue === undefined) continue;
      const name = `${queue.id}:${byteKey(draft.sender)}`;
      let share = shares.get(name);
      if (share === undefined) {
        share = { queue: queue.id, sender: draft.sender, before: null, waiting: 0, bytes: 0 };
        shares.set(name, share);
      }
      places.set(draft, { queue, share, key: draft.key === null ? null : byteKey(draft.key) });
    }
  }
  return places;
}

/** Looks up what senders had waiting before, in queues where one could meet its bound. */
async function loadShares(
  tx: Tx<E2eeSchema>,
  inputs: readonly Deliver[],
  places: ReadonlyMap<Draft, Place>,
): Promise<void> {
  const coming = new Map<Queue, Load>();
  for (const [{ size }, { queue }] of places) {
    const load = coming.get(queue) ?? { waiting: queue.waiting, bytes: queue.bytes };
    coming.set(queue, { waiting: load.waiting + 1, bytes: load.bytes + size });
  }
  const wanted = new Map<string, Share>();
  for (const { drafts, limits } of inputs) {
    for (const draft of drafts) {
      const place = places.get(draft);
      const load = place === undefined ? undefined : coming.get(place.queue);
      if (place === undefined || load === undefined || !mayExceedShare(load, limits)) continue;
      wanted.set(`${place.queue.id}:${byteKey(draft.sender)}`, place.share);
    }
  }
  for (const share of wanted.values()) share.before = { waiting: 0, bytes: 0 };
  for (const { queue, sender, waiting, waiting_bytes } of await findShares(tx, [...wanted.values()])) {
    const share = wanted.get(`${queue}:${byteKey(sender)}`);
    if (share !== undefined) share.before = { waiting, bytes: waiting_bytes };
  }
}

/** What is stored under idempotency keys, or was. */
async function loadKnown(
  tx: Tx<E2eeSchema>,
  keys: readonly { key: Uint8Array }[],
): Promise<Map<string, Known>> {
  const known = new Map<string, Known>();
  const used = await findKeys(tx, keys);
  const gone = used.filter(({ spent }) => spent === 1);
  for (const spent of await findSpent(tx, gone)) {
    known.set(byteKey(spent.key), { content: spent.content, stored: { kind: 'spent', spent } });
  }
  const here = used.filter(({ spent }) => spent === 0);
  for (const row of await findByKey(tx, here)) {
    if (row.key === null || row.content === null) continue;
    known.set(byteKey(row.key), { content: row.content, stored: { kind: 'replay', row } });
  }
  return known;
}

/** What waits from the sender, or the whole queue where that is too little to matter. */
function ofSender({ before, waiting, bytes }: Share, queue: Load): Load {
  return before === null ? queue : { waiting: before.waiting + waiting, bytes: before.bytes + bytes };
}

function count(queue: Queue, share: Share, size: number, sign: 1 | -1): void {
  queue.waiting += sign;
  queue.bytes += sign * size;
  share.waiting += sign;
  share.bytes += sign * size;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
