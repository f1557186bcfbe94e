import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bench } from './bench.js';
import { newId, range } from './desk.js';
import { Stage } from './stage.js';

/** How envelopes move forward, and how they are read. */
export function ackRules(bench: Bench): void {
  const stage = Stage.of(bench);
  const two = async (): Promise<[Uint8Array, Uint8Array]> => [
    await stage.desk.account(),
    await stage.desk.account(),
  ];

  test('an ack by ids takes its own, once, and counts nothing of others', async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    const ids = await desk.fill(recipient, sender, 4);
    const others = await desk.fill(sender, recipient, 2);
    const [one, second, three] = ids;
    assert.ok(one !== undefined && second !== undefined && three !== undefined);
    const first = await desk.ackIds(recipient, [second, second, newId(), ...others, three]);
    assert.equal(first.count, 2);
    assert.equal(first.kept, 2);
    assert.equal((await desk.ackIds(recipient, [second, three])).count, 0);
    assert.deepEqual(await desk.waiting(recipient), [1, 4]);
    assert.deepEqual(await desk.waiting(sender), [1, 2]);
    assert.equal((await desk.ackIds(recipient, ids)).count, 2);
    assert.equal((await desk.ackIds(recipient, [])).count, 0);
  });

  test('a repeated ack leaves the first time', async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    const [id] = await desk.fill(recipient, sender, 1);
    assert.ok(id !== undefined);
    const at = desk.now;
    await desk.ackIds(recipient, [id]);
    desk.now += 5_000;
    await desk.ackIds(recipient, [id]);
    await desk.ackUpTo(recipient, 10);
    await desk.mark(await desk.queue(recipient), 1, 1);
    const row = await desk.find(recipient, id);
    assert.deepEqual([row?.status, row?.delivered_at, row?.acked_at], [2, at, at]);
  });

  test('an ack up to a sequence takes what waits there, however far it reaches', async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    const ids = await desk.fill(recipient, sender, 5);
    assert.equal((await desk.ackUpTo(recipient, 0)).count, 0);
    assert.equal((await desk.ackIds(recipient, ids.slice(1, 2))).count, 1);
    assert.equal((await desk.ackUpTo(recipient, 3)).count, 2);
    assert.deepEqual(await desk.waiting(recipient), [4, 5]);
    assert.equal((await desk.ackUpTo(recipient, Number.MAX_SAFE_INTEGER)).count, 2);
    assert.deepEqual(await desk.waiting(recipient), []);
    const stranger = await desk.ackUpTo(newId(), 9);
    assert.deepEqual(stranger, { count: 0, queue: null, kept: 0, keptBytes: 0 });
  });

  test('acks of one batch share what there is, and each envelope is counted once', async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    const ids = await desk.fill(recipient, sender, 6);
    const answers = await Promise.all([
      desk.ackIds(recipient, ids.slice(0, 2)),
      desk.ackIds(recipient, ids.slice(1, 3)),
      desk.ackUpTo(recipient, 4),
      desk.ackUpTo(recipient, 5),
      desk.ackUpTo(recipient, 5),
    ]);
    assert.deepEqual(
      answers.map(({ count }) => count),
      [2, 1, 1, 1, 0],
    );
    assert.deepEqual(await desk.waiting(recipient), [6]);
  });

  test("who names another's ids in the same batch is told nothing, and the owner is told of them", async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    const ids = await desk.fill(recipient, sender, 3);
    const [stranger, owner] = await Promise.all([desk.ackIds(sender, ids), desk.ackIds(recipient, ids)]);
    assert.deepEqual([stranger.count, owner.count], [0, 3]);
  });

  test('parallel acks by several servers count each envelope once', async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    const ids = await desk.fill(recipient, sender, 200);
    const answers = await stage.everywhere(24, (each, index) =>
      index % 2 === 0 ? each.ackUpTo(recipient, index * 10) : each.ackIds(recipient, ids.slice(index)),
    );
    assert.equal(
      answers.reduce((sum, { count }) => sum + count, 0),
      200,
    );
    assert.deepEqual(await desk.waiting(recipient), []);
  });

  test('delivered is noted once and only for what waits', async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    await desk.fill(recipient, sender, 4);
    const queue = await desk.queue(recipient);
    const at = desk.now;
    await desk.mark(queue, 2, 3);
    desk.now += 1_000;
    await desk.mark(queue, 1, 3);
    const { rows } = await desk.pending(recipient);
    assert.deepEqual(
      rows.map(({ status, delivered_at }) => [status, delivered_at]),
      [
        [1, desk.now],
        [1, at],
        [1, at],
        [0, null],
      ],
    );
    desk.now += 1_000;
    await desk.ackUpTo(recipient, 4);
    const { envelopes } = await desk.books();
    const mine = envelopes.filter((row) => row.queue === queue);
    assert.deepEqual(
      mine.map(({ delivered_at }) => delivered_at),
      [desk.now - 1_000, at, at, desk.now],
    );
  });

  test('a mark that comes late, or at the same time, never takes back an ack', async () => {
    const { desk } = stage;
    for (let round = 0; round < bench.scaled(400); round++) {
      const [recipient, sender] = await two();
      await desk.fill(recipient, sender, 10);
      const queue = await desk.queue(recipient);
      await stage.everywhere(8, (each, index) =>
        index % 2 === round % 2 ? each.ackUpTo(recipient, 10) : each.mark(queue, 1, 10),
      );
      const mine = (await desk.books()).envelopes.filter((row) => row.queue === queue);
      assert.ok(mine.length === 10 && mine.every(({ status }) => status === 2));
    }
  });

  test('what waits comes in order, after a sequence, as many as were asked for', async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    await desk.fill(recipient, sender, 10);
    await desk.ackUpTo(recipient, 2);
    const ask = async (after: number, take: number) => {
      const { rows, more } = await desk.pending(recipient, { after, take });
      return [rows.map(({ sequence }) => sequence), more];
    };
    assert.deepEqual(await ask(0, 3), [[3, 4, 5], true]);
    assert.deepEqual(await ask(5, 3), [[6, 7, 8], true]);
    assert.deepEqual(await ask(8, 2), [[9, 10], false]);
    assert.deepEqual(await ask(8, 3), [[9, 10], false]);
    assert.deepEqual(await ask(10, 3), [[], false]);
    assert.deepEqual(await ask(Number.MAX_SAFE_INTEGER, 3), [[], false]);
    assert.deepEqual(await desk.pending(newId()), { queue: null, rows: [], more: false });
  });

  test('a page keeps to its bytes, and holds one envelope that is larger', async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    for (const size of [40, 60, 500, 1]) await desk.fill(recipient, sender, 1, { size });
    const ask = async (after: number, bytes: number) => {
      const { rows, more } = await desk.pending(recipient, { after, bytes });
      return [rows.map(({ sequence }) => sequence), more];
    };
    assert.deepEqual(await ask(0, 100), [[1, 2], true]);
    assert.deepEqual(await ask(0, 99), [[1], true]);
    assert.deepEqual(await ask(2, 100), [[3], true]);
    assert.deepEqual(await ask(3, 0), [[4], false]);
    assert.deepEqual(await ask(0, 601), [[1, 2, 3, 4], false]);
  });

  test('what has expired does not wait, from that very millisecond on, and makes no page end early', async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    const expiresAt = desk.now + 10;
    for (const wish of [{}, { expiresAt }, { expiresAt }, {}]) await desk.fill(recipient, sender, 1, wish);
    desk.now = expiresAt - 1;
    assert.deepEqual(await desk.waiting(recipient), range(4));
    desk.now = expiresAt;
    assert.deepEqual(await desk.waiting(recipient), [1, 4]);
    const { rows, more } = await desk.pending(recipient, { take: 2 });
    assert.deepEqual([rows.map(({ sequence }) => sequence), more], [[1, 4], false]);
  });

  test('10,000 waiting envelopes are all read, page by page', async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    const times = bench.scaled(10_000);
    await desk.fill(recipient, sender, times);
    const read: number[] = [];
    for (let more = true; more; ) {
      const page = await desk.pending(recipient, { after: read.at(-1) ?? 0, take: 97 });
      read.push(...page.rows.map(({ sequence }) => sequence));
      more = page.more;
    }
    assert.deepEqual(read, range(times));
  });

  test("another's envelope is not found", async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    const [id] = await desk.fill(recipient, sender, 1);
    assert.ok(id !== undefined);
    assert.equal(await desk.find(sender, id), null);
    assert.equal(await desk.find(recipient, newId()), null);
    assert.deepEqual((await desk.find(recipient, id))?.id, id);
  });
}
