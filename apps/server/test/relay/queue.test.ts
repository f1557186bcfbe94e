import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeIdentity } from '@blindpost/testbed/keys';
import type { WireSocket } from '@blindpost/testbed/wire-socket';
import { assertError } from './answers.js';
import { onEveryStore, type Stage } from './stage.js';

/** Puts `count` numbered messages into a mailbox and waits until all are accepted. */
async function fill(stage: Stage, hash: string, count: number): Promise<void> {
  const sender = await stage.wire.login(makeIdentity());
  for (let n = 0; n < count; n += 1) sender.send({ type: 'relay', to: hash, body: n, id: n });
  for (let n = 0; n < count; n += 1) await sender.next('delivery_status');
  await sender.close();
}

async function take(socket: WireSocket, type: string, count: number) {
  const frames = [];
  for (let n = 0; n < count; n += 1) frames.push(await socket.next(type));
  return frames;
}

/** Acks are silent: a frame that is answered after them tells that they were handled. */
async function ack(socket: WireSocket, ids: unknown[], type = 'delivery_ack'): Promise<void> {
  socket.send({ type, ids });
  await socket.settle();
}

await onEveryStore('queue and acks', (stage) => {
  test('unacked messages come again at every login, in order and with the same ids, until acked', async () => {
    const identity = makeIdentity();
    await fill(stage, identity.hash, 20);
    const first = await take(await stage.wire.login(identity), 'queued_message', 20);
    assert.deepEqual(
      first.map(({ payload }) => payload),
      Array.from({ length: 20 }, (_, n) => n),
    );
    const again = await stage.wire.login(identity);
    const second = await take(again, 'queued_message', 20);
    assert.deepEqual(second, first);
    await ack(
      again,
      first.filter((_, n) => n % 2 === 0).map(({ id }) => id),
    );
    const third = await stage.wire.login(identity);
    const rest = await take(third, 'queued_message', 10);
    assert.deepEqual(
      rest.map(({ payload }) => payload),
      Array.from({ length: 10 }, (_, n) => 2 * n + 1),
    );
    await ack(
      third,
      rest.map(({ id }) => id),
      'ack',
    );
    const last = await stage.wire.login(identity);
    await last.settle();
    assert.deepEqual(last.of('queued_message'), []);
  });

  test('a message that was delivered live but not acked comes again under its id', async () => {
    const identity = makeIdentity();
    const socket = await stage.wire.login(identity);
    await stage.wire.sendOnce(identity.hash, 'live');
    const live = await socket.next('msg');
    socket.terminate();
    const again = await (await stage.wire.login(identity)).next('queued_message');
    assert.deepEqual([again.id, again.payload], [live.id, 'live']);
  });

  test('an acked message does not come again, an acked one twice is harmless', async () => {
    const identity = makeIdentity();
    const socket = await stage.wire.login(identity);
    await stage.wire.sendOnce(identity.hash, 'one');
    const { id } = await socket.next('msg');
    await ack(socket, [id]);
    await ack(socket, [id, id]);
    assert.deepEqual(socket.of('error'), []);
    const again = await stage.wire.login(identity);
    await again.settle();
    assert.deepEqual(again.of('queued_message'), []);
  });

  test("an ack touches one's own mailbox only", async () => {
    const [identity, thief] = [makeIdentity(), makeIdentity()];
    const socket = await stage.wire.login(identity);
    await stage.wire.sendOnce(identity.hash, 'mine');
    const { id } = await socket.next('msg');
    await ack(await stage.wire.login(thief), [id]);
    const again = await stage.wire.login(identity);
    assert.equal((await again.next('queued_message')).id, id);
  });

  test('acks of unknown ids are ignored, malformed ones refused', async () => {
    const socket = await stage.wire.login(makeIdentity());
    await ack(socket, ['f'.repeat(32)]);
    assert.deepEqual(socket.of('error'), []);
    for (const ids of [
      [],
      'x',
      ['x'],
      [5],
      [null],
      undefined,
      Array.from({ length: 1001 }, () => '0'.repeat(32)),
    ]) {
      socket.send({ type: 'delivery_ack', ids });
      assertError(await socket.next('error'), 'ERR_MALFORMED');
    }
    await ack(
      socket,
      Array.from({ length: 1000 }, () => '0'.repeat(32)),
    );
    assert.deepEqual(socket.unread(), []);
  });

  test('what arrives during the drain of the queue comes after it', async () => {
    const identity = makeIdentity();
    await fill(stage, identity.hash, 90);
    const sender = await stage.wire.login(makeIdentity());
    const login = stage.wire.login(identity);
    for (let n = 0; n < 90; n += 1)
      sender.send({ type: 'relay', to: identity.hash, body: `new ${n}`, id: n });
    const socket = await login;
    const payloads: unknown[] = [];
    while (payloads.length < 180) {
      payloads.push((await socket.next(({ type }) => type === 'msg' || type === 'queued_message')).payload);
    }
    assert.deepEqual(
      payloads.filter((payload) => typeof payload === 'number'),
      Array.from({ length: 90 }, (_, n) => n),
    );
    assert.deepEqual(
      payloads.filter((payload) => typeof payload === 'string'),
      Array.from({ length: 90 }, (_, n) => `new ${n}`),
    );
  });

  test('a full queue of 500 is drained whole and in order', async () => {
    const identity = makeIdentity();
    for (let n = 0; n < 5; n += 1) await fill(stage, identity.hash, 100);
    const frames = await take(await stage.wire.login(identity), 'queued_message', 500);
    assert.deepEqual(
      frames.map(({ payload }) => payload),
      Array.from({ length: 500 }, (_, n) => n % 100),
    );
    assert.equal(new Set(frames.map(({ id }) => id)).size, 500);
  });
});
