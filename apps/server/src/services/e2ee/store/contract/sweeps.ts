import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ensureSession, touchSession } from '../ensure-session.js';
import { sweep, trim } from '../sweep.js';
import type { Bench } from './bench.js';
import { DAY_MS, type Desk, HOUR_MS, newId, preKeys, range } from './desk.js';
import { Stage } from './stage.js';

/** What has had its time. */
export function sweepRules(bench: Bench): void {
  const stage = Stage.of(bench);
  const two = async (): Promise<[Uint8Array, Uint8Array]> => [
    await stage.desk.account(),
    await stage.desk.account(),
  ];
  const stored = async (desk: Desk, queue: number) =>
    (await desk.books()).envelopes.filter((row) => row.queue === queue).map(({ sequence }) => sequence);

  test('what has expired is deleted, whatever its state', async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    const expiresAt = desk.now + 1_000;
    await desk.fill(recipient, sender, 3, { expiresAt });
    await desk.fill(recipient, sender, 1, { expiresAt: expiresAt + 1 });
    await desk.fill(recipient, sender, 1);
    const queue = await desk.queue(recipient);
    await desk.mark(queue, 2, 3);
    await desk.ackUpTo(recipient, 1);
    desk.now = expiresAt - 1;
    await desk.sweep();
    assert.deepEqual(await stored(desk, queue), range(5));
    desk.now = expiresAt;
    await desk.sweep();
    assert.deepEqual(await stored(desk, queue), [4, 5]);
  });

  test('what was acknowledged is deleted after 24 h, and what waits is not', async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    await desk.fill(recipient, sender, 3);
    const queue = await desk.queue(recipient);
    await desk.ackUpTo(recipient, 2);
    desk.now += DAY_MS - 1;
    await desk.sweep();
    assert.deepEqual(await stored(desk, queue), [1, 2, 3]);
    desk.now += 1;
    await desk.sweep();
    assert.deepEqual(await stored(desk, queue), [3]);
    desk.now += 400 * DAY_MS;
    await desk.sweep();
    assert.deepEqual(await desk.waiting(recipient), [3]);
  });

  test('the room of what was swept is there again, and no sequence is', async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    const limits = { envelopes: 10, bytes: 0 };
    const expiresAt = desk.now + 1;
    for (const sequence of range(5)) {
      desk.now = expiresAt + 2 * sequence;
      const sent = await desk.send(recipient, sender, { expiresAt: desk.now + 1 }, limits);
      assert.ok(sent.status === 'ok' && sent.stored[0]?.kind === 'stored');
      assert.equal(sent.stored[0].sequence, sequence);
      assert.equal((await desk.send(recipient, sender, {}, limits)).status, 'full');
      desk.now += 1;
      await desk.sweep();
    }
  });

  test('a sweep deletes so many of a kind at once and tells whether there is more', async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    await desk.sweep();
    const expiresAt = desk.now + 1;
    await desk.fill(recipient, sender, 25, { expiresAt });
    desk.now = expiresAt;
    const once = () => desk.db.write(sweep, { now: desk.now, limit: 10 });
    assert.deepEqual([await once(), await once(), await once(), await once()], [10, 10, 5, 0]);
  });

  test('sweeps of several servers beside sends and acks leave all counts right', async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    for (let round = 0; round < bench.scaled(200); round++) {
      const { now } = desk;
      await desk.fill(recipient, sender, 20, { expiresAt: now + 1_000 });
      await desk.fill(recipient, sender, 20);
      await stage.everywhere(12, async (each, index) => {
        each.now = now + 1_000;
        if (index % 3 === 0) await each.sweep(15);
        else if (index % 3 === 1) await each.send(recipient, sender);
        else await each.ackUpTo(recipient, 40 * round + 30);
      });
      for (const each of stage.desks) each.now = now + DAY_MS;
    }
  });

  test('claims are forgotten after an hour', async () => {
    const { desk } = stage;
    const [target, requester] = await two();
    await desk.upload(target, preKeys(1, 3));
    await desk.claim(target, requester);
    const mine = async () => {
      const queue = await desk.queue(target);
      return (await desk.books()).claims.filter((claim) => claim.queue === queue).length;
    };
    desk.now += HOUR_MS - 1;
    await desk.sweep();
    assert.equal(await mine(), 1);
    desk.now += 1;
    await desk.sweep();
    assert.equal(await mine(), 0);
  });

  test('a session is forgotten after 90 days without a word or a write', async () => {
    const { desk } = stage;
    const make = async () => {
      const [a, b] = await two();
      const { id } = await desk.db.write(ensureSession, {
        ...{ a, b, id: newId(), initiatedBy: a, hint: null, meta: null, now: desk.now },
      });
      return { a, b, id };
    };
    const [idle, talked, written] = [await make(), await make(), await make()];
    const there = async () => {
      const ids = (await desk.books()).sessions.map(({ id }) => `${id}`);
      return [idle, talked, written].map(({ id }) => ids.includes(`${id}`));
    };
    desk.now += 10 * DAY_MS;
    const { now } = desk;
    await desk.db.write(touchSession, { a: talked.a, b: talked.b, day: now });
    const again = {
      a: written.a,
      b: written.b,
      id: newId(),
      initiatedBy: written.b,
      hint: null,
      meta: null,
      now,
    };
    assert.deepEqual((await desk.db.write(ensureSession, again)).id, written.id);
    desk.now += 80 * DAY_MS - 1;
    await desk.sweep();
    assert.deepEqual(await there(), [true, true, true]);
    desk.now += 1;
    await desk.sweep();
    assert.deepEqual(await there(), [false, true, true]);
    desk.now += 10 * DAY_MS;
    await desk.sweep();
    assert.deepEqual(await there(), [false, false, false]);
  });

  test('trimming forgets the oldest acknowledged ones beyond the bound, by count or by bytes', async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    await desk.fill(recipient, sender, 10, { size: 10 });
    await desk.ackUpTo(recipient, 8);
    const queue = await desk.queue(recipient);
    const once = (bounds: { envelopes?: number; bytes?: number }, limit = 100) =>
      desk.db.write(trim, { queue, envelopes: 1_000, bytes: 1_000_000, ...bounds, limit, now: desk.now });
    assert.equal(await once({ envelopes: 8, bytes: 80 }), false);
    assert.deepEqual(await stored(desk, queue), range(10));
    assert.equal(await once({ envelopes: 5 }, 2), true);
    assert.equal(await once({ envelopes: 5 }, 2), false);
    assert.deepEqual(await stored(desk, queue), [4, 5, 6, 7, 8, 9, 10]);
    assert.equal(await once({ bytes: 29 }), false);
    assert.deepEqual(await stored(desk, queue), [7, 8, 9, 10]);
    assert.equal(await once({ envelopes: 0 }), false);
    assert.deepEqual(await stored(desk, queue), [9, 10], 'what waits is never trimmed');
    assert.equal(await desk.db.write(trim, { queue: -1, envelopes: 0, bytes: 0, limit: 1, now: 0 }), false);
  });
}
