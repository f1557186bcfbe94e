import assert from 'node:assert/strict';
import type { Database } from '../../../../platform/sql/database.js';
import { type Books, books } from './rows.js';

/**
 * Holds all rows against each other: every count follows from the rows it counts, every row belongs to a queue that
 * is there, states fit their times, and no key stands for two things.
 */
export async function audit(db: Database): Promise<Books> {
  const all = await db.read(books, null);
  countsFollowFromEnvelopes(all);
  statesFitTheirTimes(all);
  keysAreKnownOnce(all);
  preKeysAreCounted(all);
  return all;
}

function countsFollowFromEnvelopes({ queues, shares, envelopes }: Books): void {
  const waiting = new Tally();
  const kept = new Tally();
  const bySender = new Tally();
  const last = new Map<number, number>();
  const living = new Set(queues.filter(({ account }) => account !== null).map(({ id }) => id));
  for (const { queue, sequence, sender, size, acked_at } of envelopes) {
    if (acked_at === null) waiting.add(`${queue}`, size);
    else kept.add(`${queue}`, size);
    if (acked_at === null && living.has(queue)) bySender.add(`${queue} ${hex(sender)}`, size);
    last.set(queue, Math.max(sequence, last.get(queue) ?? 0));
  }
  for (const queue of queues) {
    const counted = {
      waiting: { count: queue.waiting, bytes: queue.waiting_bytes },
      kept: { count: queue.kept, bytes: queue.kept_bytes },
    };
    const recounted = { waiting: waiting.of(`${queue.id}`), kept: kept.of(`${queue.id}`) };
    assert.deepEqual(counted, recounted, `queue ${queue.id} is counted right`);
    assert.ok(queue.last >= (last.get(queue.id) ?? 0), 'no envelope is past the last sequence');
  }
  const ids = new Set(queues.map(({ id }) => id));
  for (const id of last.keys()) assert.ok(ids.has(id), 'each envelope lies in a queue');
  const told = new Map(
    shares.map(({ queue, sender, waiting, waiting_bytes: bytes }) => [
      `${queue} ${hex(sender)}`,
      { count: waiting, bytes },
    ]),
  );
  assert.deepEqual(sorted(told), sorted(bySender.all), 'shares are counted right, and none is empty');
}

function statesFitTheirTimes({ envelopes }: Books): void {
  for (const { status, delivered_at, acked_at } of envelopes) {
    assert.equal(status === 2, acked_at !== null, 'acknowledged and when');
    assert.equal(status === 0, delivered_at === null, 'delivered and when');
  }
}

function keysAreKnownOnce({ envelopes, spentKeys }: Books): void {
  const keys = [...envelopes, ...spentKeys].flatMap(({ key }) => (key === null ? [] : [hex(key)]));
  assert.equal(new Set(keys).size, keys.length, 'a key stands for one envelope');
}

function preKeysAreCounted({ queues, bundles, preKeys, claims }: Books): void {
  const living = new Set(queues.filter(({ account }) => account !== null).map(({ id }) => id));
  for (const { queue } of [...bundles, ...preKeys, ...claims])
    assert.ok(living.has(queue), 'keys of somebody');
  for (const { queue, stock, spent, epoch } of bundles) {
    const own = preKeys.filter((row) => row.queue === queue);
    const left = own.filter((row) => row.spent === 0);
    assert.deepEqual({ stock, spent }, { stock: left.length, spent: own.length - left.length });
    assert.ok(
      left.every((row) => row.epoch === epoch),
      'no key of an identity before is left',
    );
  }
  const left = new Set(preKeys.filter(({ spent }) => spent === 0).map((row) => hex(row.public_key)));
  for (const { public_key } of claims) assert.ok(!left.has(hex(public_key)), 'what was claimed is not left');
}

class Tally {
  readonly all = new Map<string, { count: number; bytes: number }>();

  add(name: string, bytes: number): void {
    const sum = this.of(name);
    this.all.set(name, { count: sum.count + 1, bytes: sum.bytes + bytes });
  }

  of(name: string): { count: number; bytes: number } {
    return this.all.get(name) ?? { count: 0, bytes: 0 };
  }
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
