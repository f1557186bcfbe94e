import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderedPair } from '../../rules/pair.js';
import { ensureSession } from '../ensure-session.js';
import { openQueue } from '../open-queue.js';
import { hex } from './audit.js';
import type { Bench } from './bench.js';
import { type Desk, kinds, newId, owner, preKeys, range, sequences } from './desk.js';
import type { Books } from './rows.js';
import { Stage } from './stage.js';

/** How an account leaves. */
export function erasureRules(bench: Bench): void {
  const stage = Stage.of(bench);

  test('an erased account leaves nothing in any table, and what others have is untouched', async () => {
    const { desk } = stage;
    const [gone, one, two] = await desk.accounts(3);
    assert.ok(gone !== undefined && one !== undefined && two !== undefined);
    for (const account of [gone, one]) await desk.upload(account, preKeys(1, 5));
    for (const [to, from] of [
      [gone, one],
      [one, gone],
      [one, two],
    ] as const) {
      await desk.claim(to, from);
      await desk.send(to, from, { key: 'k' });
      await desk.fill(to, from, 25);
      await desk.ackUpTo(to, 5);
      await session(desk, to, from);
    }
    const queue = await desk.queue(gone);
    const before = await desk.books();

    await desk.erase(gone);
    assert.equal((await desk.send(gone, one)).status, 'unknown');
    assert.deepEqual(await desk.pending(gone), { queue: null, rows: [], more: false });
    assert.equal((await desk.ackUpTo(gone, 100)).count, 0);
    assert.equal(await desk.claim(gone, two), null);
    await desk.mark(queue, 1, 100);
    await desk.erase(gone);
    await desk.purge(10);

    const left = await desk.books();
    assert.deepEqual(left, without(before, gone, queue));
    assert.ok(!JSON.stringify(left.queues.map(({ account }) => account && hex(account))).includes(hex(gone)));
  });

  test('an account that comes again has an empty queue of its own that begins at 1', async () => {
    const { desk } = stage;
    const [gone, sender] = await desk.accounts(2);
    assert.ok(gone !== undefined && sender !== undefined);
    await desk.fill(gone, sender, 7);
    const queue = await desk.queue(gone);
    await desk.erase(gone);
    await desk.db.write(openQueue, owner(gone));
    assert.deepEqual(sequences(await desk.send(gone, sender)), [1]);
    assert.notEqual(await desk.queue(gone), queue);
    await desk.purge();
    assert.deepEqual(await desk.waiting(gone), [1]);
  });

  test('a purge deletes so many envelopes at once, and the queue last', async () => {
    const { desk } = stage;
    const [gone, sender] = await desk.accounts(2);
    assert.ok(gone !== undefined && sender !== undefined);
    await desk.fill(gone, sender, 20);
    const queue = await desk.queue(gone);
    await desk.erase(gone);
    await desk.purge(10);
    const { queues, envelopes } = await desk.books();
    assert.ok(queues.every(({ id }) => id !== queue));
    assert.ok(envelopes.every((row) => row.queue !== queue));
  });

  test('sweeping what lies in an erased queue keeps its counts right', async () => {
    const { desk } = stage;
    const [gone, sender] = await desk.accounts(2);
    assert.ok(gone !== undefined && sender !== undefined);
    await desk.fill(gone, sender, 5, { expiresAt: desk.now + 1 });
    await desk.fill(gone, sender, 5);
    await desk.ackUpTo(gone, 2);
    await desk.erase(gone);
    desk.now += 1;
    await desk.sweep();
    const erased = (await desk.books()).queues.filter(({ account }) => account === null);
    assert.deepEqual(
      erased.map(({ waiting, kept }) => [waiting, kept]),
      [[5, 0]],
    );
    await desk.purge();
  });

  test('sends, acks, uploads and purges of several servers that race an erasure leave nothing behind', async () => {
    const { desk } = stage;
    for (let round = 0; round < bench.scaled(200); round++) {
      const [gone, sender] = await desk.accounts(2);
      assert.ok(gone !== undefined && sender !== undefined);
      await desk.upload(gone, preKeys(1, 20));
      const queue = await desk.queue(gone);
      const sent = await stage.everywhere(24, async (each, index) => {
        if (index === 9) await each.erase(gone);
        else if (index === 10) await each.purge(3);
        else if (index % 4 === 0) await each.ackUpTo(gone, index);
        else if (index % 4 === 1) await each.claim(gone, newId(), { fresh: true });
        else if (index % 4 === 2) await each.mark(queue, 1, index);
        else return each.deliver([each.draft(gone, sender), each.draft(sender, gone)]);
        return null;
      });
      const taken = sent.filter((one) => one?.status === 'ok').length;
      assert.deepEqual(await desk.waiting(sender), range(taken), 'all or nothing, also in the race');
      await desk.purge(3);
      const { queues, envelopes, shares, claims, preKeys: keys } = await desk.books();
      assert.ok(queues.every(({ id }) => id !== queue));
      for (const rows of [envelopes, shares, claims, keys]) {
        assert.ok(rows.every((row) => row.queue !== queue));
      }
    }
  });

  test('the key of an envelope that was purged is free again', async () => {
    const { desk } = stage;
    const [gone, sender] = await desk.accounts(2);
    assert.ok(gone !== undefined && sender !== undefined);
    await desk.send(gone, sender, { key: 'k' });
    await desk.erase(gone);
    await desk.purge();
    await desk.db.write(openQueue, owner(gone));
    assert.deepEqual(kinds(await desk.send(gone, sender, { key: 'k', text: 'other' })), ['stored']);
  });
}

async function session(desk: Desk, one: Uint8Array, other: Uint8Array): Promise<void> {
  const { now } = desk;
  const made = { id: newId(), initiatedBy: one, hint: null, meta: null, now };
  await desk.db.write(ensureSession, { ...orderedPair(one, other), ...made });
}

/** What should be left of the books. */
function without(all: Books, account: Uint8Array, queue: number): Books {
  const others = <T extends { queue: number }>(rows: readonly T[]) =>
    rows.filter((row) => row.queue !== queue);
  const gone = hex(account);
  return {
    queues: all.queues.filter(({ id }) => id !== queue),
    shares: others(all.shares),
    envelopes: others(all.envelopes),
    spentKeys: all.spentKeys,
    bundles: others(all.bundles),
    preKeys: others(all.preKeys),
    claims: others(all.claims),
    sessions: all.sessions.filter(
      ({ account_a, account_b }) => ![account_a, account_b].map(hex).includes(gone),
    ),
  };
}
