import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeIdentity } from '@blindpost/testbed/keys';
import { assertError } from './answers.js';
import { onEveryStore } from './stage.js';

await onEveryStore('volatile_relay', (stage) => {
  test('a live recipient gets it marked, the sender learns that it was delivered, and it never comes again', async () => {
    const recipient = makeIdentity();
    const [from, to] = await Promise.all([stage.wire.login(makeIdentity()), stage.wire.login(recipient)]);
    from.send({ type: 'volatile_relay', payload: { to: recipient.hash, body: { now: 1 }, id: 'v' } });
    const { id, ...frame } = await to.next('msg');
    assert.match(String(id), /^[0-9a-f]{32}$/);
    assert.deepEqual(frame, { type: 'msg', payload: { now: 1 }, volatile: true });
    const status = await from.next('delivery_status');
    assert.deepEqual(status, {
      type: 'delivery_status',
      target: recipient.hash,
      id: 'v',
      status: 'delivered',
    });
    const again = await stage.wire.login(recipient);
    await again.settle();
    assert.deepEqual(again.of('queued_message'), []);
  });

  test('nobody live: not found, and nothing is stored', async () => {
    const recipient = makeIdentity();
    const from = await stage.wire.login(makeIdentity());
    for (const to of [recipient.hash, 'no-such-alias']) {
      from.send({ type: 'volatile_relay', to, body: 'gone', id: 3 });
      assertError(await from.next('error'), 'ERR_NOT_FOUND', undefined, 3);
    }
    const socket = await stage.wire.login(recipient);
    await socket.settle();
    assert.deepEqual(socket.of('queued_message'), []);
  });

  // Stored and volatile travel by two ways, store and bus, so neither waits for the other.
  test('volatile messages keep their order, and so do stored ones between them', async () => {
    const exchange = async () => {
      const recipient = makeIdentity();
      const [from, to] = await Promise.all([stage.wire.login(makeIdentity()), stage.wire.login(recipient)]);
      for (let n = 0; n < 60; n += 1) {
        from.send({ type: n % 2 === 0 ? 'relay' : 'volatile_relay', to: recipient.hash, body: n });
      }
      const order: number[] = [];
      while (order.length < 60) order.push(Number((await to.next('msg')).payload));
      for (const kind of [0, 1]) {
        const arrived = order.filter((n) => n % 2 === kind);
        assert.deepEqual(
          arrived,
          arrived.map((_, n) => 2 * n + kind),
        );
      }
    };
    await Promise.all(Array.from({ length: 8 }, exchange));
  });

  test('to and body are required', async () => {
    const from = await stage.wire.login(makeIdentity());
    const { hash } = makeIdentity();
    for (const [frame, field] of [
      [{ to: hash }, 'body'],
      [{ to: hash, body: null }, 'body'],
      [{ body: 'x' }, 'to'],
      [{ to: 5, body: 'x' }, 'to'],
    ] as const) {
      from.send({ type: 'volatile_relay', ...frame });
      assertError(await from.next('error'), 'ERR_MALFORMED', field);
    }
  });
});

await onEveryStore(
  'volatile_relay between servers',
  (stage) => {
    test('a recipient on another instance gets it', async () => {
      const recipient = makeIdentity();
      const elsewhere = stage.client(undefined, (await stage.another()).url);
      const [from, to] = await Promise.all([stage.wire.login(makeIdentity()), elsewhere.login(recipient)]);
      from.send({ type: 'volatile_relay', to: recipient.hash, body: 'across', id: 1 });
      assert.equal((await to.next('msg')).payload, 'across');
      assert.equal((await from.next('delivery_status')).status, 'delivered');
    });
  },
  { stores: ['redis'], own: true },
);
