/** The bounds of a queue: of all, and of each sender in it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WireAnswer } from '@blindpost/testbed/wire-http';
import {
  assertAcked,
  assertErrorFrame,
  assertRefused,
  assertSent,
  member,
  upTo,
  waiting,
} from './answers.js';
import { bytes, items, message } from './messages.js';
import { onEveryStage, pick } from './stage.js';

const PER_QUEUE = 10_000;
const PER_SENDER = 1_000;
const KIBIBYTE = 1_024;

const assertFull = (answer: WireAnswer, scope: 'sender' | 'queue') => {
  assertRefused(answer, 507, 'queue_full');
  assert.equal(member(answer.json.details, 'scope'), scope, String(answer));
};

await onEveryStage('a full queue', (stage) => {
  test(`one sender has ${PER_SENDER} in a queue, whose last may still be repeated, and others have room`, async () => {
    const [sender, other, recipient] = await stage.accounts(3);
    assert.ok(sender && other && recipient);
    const last = message(recipient.id, { clientMessageId: 'last' });
    assert.equal((await sender.distribute('room', items(recipient.id, 500))).json.sent, 500);
    assert.equal((await sender.distribute('room', items(recipient.id, 499))).json.sent, 499);
    const sent = assertSent(await sender.send(last));
    assert.equal(sent.sequence, PER_SENDER);
    assertFull(await sender.send(message(recipient.id)), 'sender');
    assertFull(await sender.distribute('room', items(recipient.id, 1)), 'sender');
    const socket = await sender.attend();
    socket.send({ type: 'e2ee.send', ref: 1, data: message(recipient.id) });
    const frame = await socket.next(({ ref }) => ref === 1);
    assertErrorFrame(frame, 'queue_full', 1);
    assert.equal(member(member(frame.data, 'details'), 'scope'), 'sender');
    assert.deepEqual(assertSent(await sender.send(last)), sent);
    assertFull(await sender.send({ ...message(recipient.id), clientMessageId: 'new' }), 'sender');
    assert.equal(assertSent(await other.send(message(recipient.id))).sequence, PER_SENDER + 1);
    assert.equal(assertSent(await sender.send(message(other.id))).sequence, 1);
    // What was acknowledged waits for nobody.
    assertAcked(await recipient.ackAll({ upTo: 1 }), 1);
    assert.equal(assertSent(await sender.send(message(recipient.id))).sequence, PER_SENDER + 2);
    assertFull(await sender.send(message(recipient.id)), 'sender');
  });

  test(`parallel senders at the bound: exactly ${PER_SENDER} of each are stored, without a gap`, async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    const ROOM = 7;
    assert.equal((await sender.distribute('room', items(recipient.id, 500))).json.sent, 500);
    assert.equal((await sender.distribute('room', items(recipient.id, 500 - ROOM))).json.sent, 500 - ROOM);
    const answers = await Promise.all(Array.from({ length: 40 }, () => sender.send(message(recipient.id))));
    const stored = answers.filter(({ status }) => status === 200);
    assert.equal(stored.length, ROOM);
    for (const answer of answers) {
      if (answer.status !== 200) assertFull(answer, 'sender');
    }
    assert.deepEqual(
      (await waiting(recipient)).map(({ sequence }) => sequence),
      upTo(PER_SENDER),
    );
  });

  test(`a queue has ${PER_QUEUE}; then it is full for everyone but repeats`, async () => {
    const senders = await stage.accounts(PER_QUEUE / PER_SENDER + 1);
    const recipient = await stage.account();
    const once = message(recipient.id, { clientMessageId: 'once' });
    const first = assertSent(await pick(senders, 0).send(once));
    for (const [n, sender] of senders.slice(0, -1).entries()) {
      for (const count of [500, n === 0 ? 499 : 500]) {
        assert.equal((await sender.distribute('room', items(recipient.id, count))).json.sent, count);
      }
    }
    const late = pick(senders, senders.length - 1);
    assertFull(await late.send(message(recipient.id)), 'queue');
    assertFull(await late.distribute('room', items(recipient.id, 2)), 'queue');
    assert.deepEqual(assertSent(await pick(senders, 0).send(once)), first);
    assert.equal((await waiting(recipient)).length, PER_QUEUE);
    assertAcked(await recipient.ackAll({ upTo: 10 }), 10);
    assert.equal(assertSent(await late.send(message(recipient.id))).sequence, PER_QUEUE + 1);
  });

  test('one sender has a tenth of the bytes', async () => {
    const [sender, other, recipient] = await stage.accounts(3);
    assert.ok(sender && other && recipient);
    const ciphertext = bytes(256 * KIBIBYTE);
    const statuses: number[] = [];
    // A tenth of 256 MiB is 102.4 of these; what else a server counts is little beside them.
    for (let n = 0; n < 104; n += 1) {
      const answer = await sender.send(message(recipient.id, { ciphertext }));
      statuses.push(answer.status);
      if (answer.status !== 200) assertFull(answer, 'sender');
    }
    assert.deepEqual(statuses.slice(0, 100), Array<number>(100).fill(200));
    assert.deepEqual(statuses.slice(102), [507, 507]);
    assertSent(await other.send(message(recipient.id, { ciphertext })));
    assertAcked(await recipient.ackAll({ upTo: 1 }), 1);
    assertSent(await sender.send(message(recipient.id, { ciphertext })));
  });
});
