import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bench } from './bench.js';
import { kinds, range, sequences } from './desk.js';
import { Stage } from './stage.js';

/** Where envelopes come to stand, and what they are counted for. */
export function placeRules(bench: Bench): void {
  const stage = Stage.of(bench);

  test('10,000 parallel sends by several servers to one recipient stand at 1…N without a gap', async () => {
    const { desk } = stage;
    const [recipient, ...senders] = await desk.accounts(9);
    assert.ok(recipient !== undefined);
    const times = bench.scaled(10_000);
    const sent = await stage.everywhere(times, (each, index) =>
      each.send(recipient, senders[index % senders.length] ?? recipient),
    );
    assert.deepEqual(
      sent.flatMap(sequences).sort((a, b) => a - b),
      range(times),
    );
    assert.deepEqual(await desk.waiting(recipient), range(times));
  });

  test('sends of one server keep the order in which it was asked', async () => {
    const [recipient, sender] = await stage.desk.accounts(2);
    assert.ok(recipient !== undefined && sender !== undefined);
    const sent = await Promise.all(range(100).map(() => stage.desk.send(recipient, sender)));
    assert.deepEqual(sent.flatMap(sequences), range(100));
  });

  test('parallel distributions to many recipients leave no gap in any queue', async () => {
    const recipients = await stage.desk.accounts(7);
    const times = bench.scaled(1_000);
    const sent = await stage.everywhere(times, async (desk, index) => {
      // Each in another order, so that servers that locked as they were told would wait for each other.
      const turned = recipients.map(
        (_, at) => recipients[(at * 3 + index) % recipients.length] ?? recipients[0],
      );
      const sender = await desk.account();
      return desk.deliver(turned.flatMap((to) => (to === undefined ? [] : [desk.draft(to, sender)])));
    });
    for (const { status } of sent) assert.equal(status, 'ok');
    for (const recipient of recipients) assert.deepEqual(await stage.desk.waiting(recipient), range(times));
  });

  test('a device has a queue of its own: another device of the account has none', async () => {
    const { desk } = stage;
    const [recipient, sender] = await desk.accounts(2);
    assert.ok(recipient !== undefined && sender !== undefined);
    const draft = desk.draft(recipient, sender);
    const other = { ...draft, recipient: { account: recipient, device: 'other' } };
    assert.deepEqual(await desk.deliver([other]), { status: 'unknown', item: 0 });
    assert.deepEqual(sequences(await desk.deliver([draft])), [1]);
  });

  test('a delivery with an unknown recipient stores nothing and names the item', async () => {
    const { desk } = stage;
    const [recipient, sender] = await desk.accounts(2);
    assert.ok(recipient !== undefined && sender !== undefined);
    const drafts = [
      desk.draft(recipient, sender, { key: 'a' }),
      desk.draft(recipient, sender),
      desk.draft(
        sender.map((byte) => byte ^ 1),
        sender,
      ),
      desk.draft(recipient, sender),
    ];
    assert.deepEqual(await desk.deliver(drafts), { status: 'unknown', item: 2 });
    assert.deepEqual(await desk.waiting(recipient), []);
    const [kept] = drafts;
    assert.ok(kept !== undefined);
    assert.deepEqual(kinds(await desk.deliver([kept])), ['stored'], 'nor is its key known');
  });

  test('deliveries that fail amid a batch leave no gap and no count to those around them', async () => {
    const { desk } = stage;
    const [recipient, sender] = await desk.accounts(2);
    assert.ok(recipient !== undefined && sender !== undefined);
    const stranger = sender.map((byte) => byte ^ 1);
    const times = bench.scaled(2_000);
    const sent = await Promise.all(
      range(times).map((index) =>
        desk.deliver([
          desk.draft(recipient, sender, { key: `${Math.floor(index / 2)}` }),
          desk.draft(recipient, sender, { size: index }),
          desk.draft(index % 2 === 0 ? recipient : stranger, sender),
        ]),
      ),
    );
    for (const [at, { status }] of sent.entries()) assert.equal(status, at % 2 === 0 ? 'unknown' : 'ok');
    const places = sent.flatMap((one) => (one.status === 'ok' ? sequences(one) : []));
    assert.deepEqual(places, range(places.length));
    assert.deepEqual(await desk.waiting(recipient), range(places.length));
  });

  test('a sender may have a tenth of a queue by count, and the queue has its bound', async () => {
    const { desk } = stage;
    const [recipient, ...senders] = await desk.accounts(13);
    assert.ok(recipient !== undefined);
    const limits = { envelopes: 20, bytes: 0 };
    for (const [index, sender] of senders.entries()) {
      const full = { status: 'full', item: 0, scope: index < 10 ? 'sender' : 'queue' };
      for (let sent = 0; sent < (index < 10 ? 2 : 0); sent++) {
        assert.equal((await desk.send(recipient, sender, {}, limits)).status, 'ok');
      }
      if (index < 9) assert.deepEqual(await desk.send(recipient, sender, {}, limits), full);
    }
    const [first] = senders;
    assert.ok(first !== undefined);
    const full = { status: 'full', item: 0, scope: 'queue' };
    for (const sender of senders) assert.deepEqual(await desk.send(recipient, sender, {}, limits), full);
    await desk.ackUpTo(recipient, 1);
    const last = senders.at(-1);
    assert.ok(last !== undefined);
    assert.deepEqual(sequences(await desk.send(recipient, last, {}, limits)), [21]);
    assert.deepEqual(await desk.send(recipient, first, {}, limits), full);
  });

  test('the same by bytes, to the very byte', async () => {
    const { desk } = stage;
    const [recipient, one, two] = await desk.accounts(3);
    assert.ok(recipient !== undefined && one !== undefined && two !== undefined);
    const limits = { envelopes: 0, bytes: 1_000 };
    assert.equal((await desk.send(recipient, one, { size: 60 }, limits)).status, 'ok');
    const full = { status: 'full', item: 0, scope: 'sender' };
    assert.deepEqual(await desk.send(recipient, one, { size: 41 }, limits), full);
    assert.equal((await desk.send(recipient, one, { size: 40 }, limits)).status, 'ok');
    assert.deepEqual(await desk.send(recipient, one, { size: 1 }, limits), full);
    assert.equal((await desk.send(recipient, two, { size: 100 }, limits)).status, 'ok');
    const over = { status: 'full', item: 0, scope: 'queue' };
    assert.deepEqual(await desk.send(recipient, two, { size: 801 }, limits), over);
    await desk.ackUpTo(recipient, 1);
    assert.equal((await desk.send(recipient, one, { size: 60 }, limits)).status, 'ok');
  });

  test('the item that finds no room undoes those before it, and a replay needs none', async () => {
    const { desk } = stage;
    const [recipient, sender] = await desk.accounts(2);
    assert.ok(recipient !== undefined && sender !== undefined);
    const limits = { envelopes: 30, bytes: 0 };
    const drafts = range(4).map((index) => desk.draft(recipient, sender, { key: `${index}` }));
    assert.deepEqual(await desk.deliver(drafts, limits), { status: 'full', item: 3, scope: 'sender' });
    assert.deepEqual(await desk.waiting(recipient), []);
    const three = drafts.slice(0, 3);
    assert.deepEqual(sequences(await desk.deliver(three, limits)), [1, 2, 3]);
    assert.deepEqual(kinds(await desk.deliver(three, limits)), ['replay', 'replay', 'replay']);
    assert.deepEqual(await desk.deliver(drafts, limits), { status: 'full', item: 3, scope: 'sender' });
  });

  test('the bounds hold under parallel sends by several servers', async () => {
    const { desk } = stage;
    const [recipient, one, two] = await desk.accounts(3);
    assert.ok(recipient !== undefined && one !== undefined && two !== undefined);
    const limits = { envelopes: 100, bytes: 0 };
    const sent = await stage.everywhere(60, (each, index) =>
      each.send(recipient, index % 3 === 0 ? one : two, {}, limits),
    );
    assert.equal(sent.filter(({ status }) => status === 'ok').length, 20);
    assert.deepEqual(await desk.waiting(recipient), range(20));
  });
}
