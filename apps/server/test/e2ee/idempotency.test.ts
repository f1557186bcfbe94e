/** Rule 5: (recipient, sender, clientMessageId) is one envelope, however often it is sent. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { Envelope } from '@blindpost/protocol/e2ee';
import { dataOf } from '@blindpost/testbed/wire-e2ee';
import {
  assertAcked,
  assertEnvelope,
  assertErrorFrame,
  assertRefused,
  assertRefusedItem,
  assertSent,
  exactly,
  waiting,
} from './answers.js';
import { bytes, fullMessage, inFuture, items, message } from './messages.js';
import { ALL_STAGES, onEveryStage, pick, type Stage } from './stage.js';

const PARALLEL = 32;

const pair = async (stage: Stage) => {
  const [sender, recipient] = [await stage.account(), await stage.account()];
  return { sender, recipient };
};

await onEveryStage(
  'rule 5, idempotency',
  (stage) => {
    for (const round of [1, 2, 3]) {
      test(`${PARALLEL} identical sends at once are one row and as many identical answers (${round})`, async () => {
        const { sender, recipient } = await pair(stage);
        const once = fullMessage(recipient.id);
        const wires = stage.everywhere(sender);
        const answers = await Promise.all(
          Array.from({ length: PARALLEL }, (_, n) => pick(wires, n).send(once)),
        );
        const [first] = answers.map(assertSent);
        assert.ok(first !== undefined);
        const { recipientId, sessionId, type, groupId, clientMessageId, ciphertext, header, signature } =
          first;
        const { expiresAt, meta, senderId, sequence } = first;
        assert.deepEqual(
          {
            recipientId,
            sessionId,
            type,
            groupId,
            clientMessageId,
            ciphertext,
            header,
            signature,
            expiresAt,
            meta,
          },
          once,
        );
        assert.deepEqual([senderId, sequence], [sender.id, 1]);
        for (const answer of answers) assert.equal(answer.raw.toString(), answers[0]?.raw.toString());
        const queue = await waiting(recipient);
        assert.deepEqual(
          queue.map(({ id }) => id),
          [first.id],
        );
      });
    }

    test('what is sent again later, over HTTP or a socket, is answered the same', async () => {
      const { sender, recipient } = await pair(stage);
      const once = fullMessage(recipient.id);
      const first = assertSent(await sender.send(once));
      for (const wire of stage.everywhere(sender)) {
        assert.deepEqual(assertSent(await wire.send(once)), first);
        const socket = await wire.attend();
        socket.send({ type: 'e2ee.send', ref: 'again', data: once });
        const frame = await socket.next(({ ref }) => ref === 'again');
        assert.equal(frame.type, 'e2ee.sent', JSON.stringify(frame));
        assert.deepEqual(exactly(Envelope, dataOf(frame)), first);
      }
      assert.equal((await waiting(recipient)).length, 1);
    });

    test('another type, group, session, ciphertext, header or signature is a mismatch', async () => {
      const { sender, recipient } = await pair(stage);
      const once = fullMessage(recipient.id);
      const first = assertSent(await sender.send(once));
      const others = [
        { type: 3 },
        { type: undefined },
        { groupId: 'room:other' },
        { groupId: null },
        { sessionId: randomUUID() },
        { sessionId: null },
        { ciphertext: bytes(300) },
        { header: bytes(40) },
        { header: null },
        { signature: bytes(64) },
        { signature: null },
      ];
      for (const other of others) {
        for (const wire of stage.everywhere(sender)) {
          assertRefused(await wire.send({ ...once, ...other } as typeof once), 422, 'idempotency_mismatch');
        }
        const socket = await sender.attend();
        socket.send({ type: 'e2ee.send', ref: 7, data: { ...once, ...other } });
        assertErrorFrame(await socket.next(({ ref }) => ref === 7), 'idempotency_mismatch', 7);
        await socket.close();
      }
      assert.deepEqual(assertSent(await sender.send(once)), first);
      assert.equal((await waiting(recipient)).length, 1);
    });

    test('members that stand next to one another are not taken for each other', async () => {
      const { sender, recipient } = await pair(stage);
      const once = message(recipient.id, {
        clientMessageId: 'm',
        groupId: 'ab',
        sessionId: 'c',
        header: bytes(8),
      });
      assertSent(await sender.send(once));
      const { header, ...bare } = once;
      for (const other of [
        { ...once, groupId: 'a', sessionId: 'bc' },
        { ...once, groupId: 'c', sessionId: 'ab' },
        { ...once, groupId: 'abc', sessionId: null },
        { ...bare, signature: header ?? null },
        { ...bare, ciphertext: header ?? '', header: once.ciphertext },
      ]) {
        assertRefused(await sender.send(other), 422, 'idempotency_mismatch');
      }
    });

    test('the date and what the server never reads are no content', async () => {
      const { sender, recipient } = await pair(stage);
      const once = fullMessage(recipient.id);
      const first = assertSent(await sender.send(once));
      for (const more of [{ meta: { other: 1 } }, { meta: null }, { expiresAt: inFuture(9_999_999) }]) {
        assert.deepEqual(assertSent(await sender.send({ ...once, ...more })), first);
      }
      // A type left out is a pairwise message.
      const plain = message(recipient.id, { clientMessageId: 'plain' });
      const second = assertSent(await sender.send(plain));
      assert.equal(second.type, 0);
      assert.deepEqual(assertSent(await sender.send({ ...plain, type: 0 })), second);
      assert.deepEqual(assertSent(await sender.send({ ...plain, header: null, groupId: null })), second);
    });

    test(`of ${PARALLEL} different sends at once under one id, one wins and the others are told`, async () => {
      const { sender, recipient } = await pair(stage);
      const wires = stage.everywhere(sender);
      const contents = Array.from({ length: 4 }, () => message(recipient.id, { clientMessageId: 'same' }));
      const answers = await Promise.all(
        Array.from({ length: PARALLEL }, (_, n) => pick(wires, n).send(pick(contents, Math.floor(n / 2)))),
      );
      const queue = await waiting(recipient);
      assert.equal(queue.length, 1);
      const winner = contents.findIndex(({ ciphertext }) => ciphertext === queue[0]?.ciphertext);
      assert.ok(winner >= 0);
      for (const [n, answer] of answers.entries()) {
        if (Math.floor(n / 2) % contents.length === winner) assert.equal(assertSent(answer).id, queue[0]?.id);
        else assertRefused(answer, 422, 'idempotency_mismatch');
      }
    });

    test('an empty id, null and none are no id: each send is another envelope', async () => {
      const { sender, recipient } = await pair(stage);
      const plain = message(recipient.id);
      const all = ['', null, undefined].flatMap((clientMessageId) => {
        const one = clientMessageId === undefined ? plain : { ...plain, clientMessageId };
        return [one, one];
      });
      const answers = await Promise.all(all.map((each) => sender.send(each)));
      assert.equal(new Set(answers.map((answer) => assertSent(answer).id)).size, all.length);
      for (const answer of answers) assert.equal(assertSent(answer).clientMessageId, null);
      assert.equal((await waiting(recipient)).length, all.length);
    });

    test('the id is of one sender and one recipient', async () => {
      const [a, b, x, y] = await stage.accounts(4);
      assert.ok(a && b && x && y);
      const ids = new Set<string>();
      for (const sender of [a, b]) {
        for (const recipient of [x, y]) {
          const sent = assertSent(await sender.send(message(recipient.id, { clientMessageId: 'same' })));
          assert.equal(sent.clientMessageId, 'same');
          ids.add(sent.id);
        }
      }
      assert.equal(ids.size, 4);
      for (const recipient of [x, y]) {
        const queue = await waiting(recipient);
        assert.deepEqual(queue.map(({ senderId }) => senderId).sort(), [a.id, b.id].sort());
      }
    });

    test('ids that look alike are different ids', async () => {
      const { sender, recipient } = await pair(stage);
      const alike = ['a', 'A', ' a', 'a ', 'ä', 'a\u0308', '%61', 'x'.repeat(128)];
      for (const clientMessageId of alike) {
        assert.equal(
          assertSent(await sender.send(message(recipient.id, { clientMessageId }))).clientMessageId,
          clientMessageId,
        );
      }
      const queue = await waiting(recipient);
      assert.deepEqual(
        queue.map(({ clientMessageId }) => clientMessageId),
        alike,
      );
      const long = message(recipient.id, { clientMessageId: 'x'.repeat(129) });
      assertRefused(await sender.send(long), 400, 'invalid_request', 'clientMessageId');
    });

    test('after the ack it is still answered the same, and does not come back', async () => {
      const { sender, recipient } = await pair(stage);
      const once = fullMessage(recipient.id);
      const first = assertSent(await sender.send(once));
      assert.equal((await waiting(recipient)).length, 1);
      assert.deepEqual(assertSent(await sender.send(once)), first);
      assertEnvelope(await recipient.ack(first.id));
      for (const wire of stage.everywhere(sender)) {
        assert.deepEqual(assertSent(await wire.send(once)), first);
        const other = { ...once, ciphertext: bytes() };
        assertRefused(await wire.send(other), 422, 'idempotency_mismatch');
      }
      assert.deepEqual(await waiting(recipient), []);
      const next = assertSent(await sender.send(message(recipient.id)));
      assert.equal(next.sequence, first.sequence + 1);
      assertAcked(await recipient.ackAll({ upTo: next.sequence }), 1);
    });

    test('a distribution and a send are the same under one id', async () => {
      const { sender, recipient } = await pair(stage);
      const [item] = items(recipient.id, 1, {
        clientMessageId: 'key-1',
        header: bytes(8),
        signature: bytes(64),
      });
      assert.ok(item !== undefined);
      const sent = assertSent(await sender.send({ ...item, type: 1, groupId: 'room' }));
      assert.equal((await sender.distribute('room', [item])).json.sent, 1);
      assertRefusedItem(await sender.distribute('another room', [item]), 422, 'idempotency_mismatch', 0);
      const queue = await waiting(recipient);
      assert.deepEqual(
        queue.map(({ id }) => id),
        [sent.id],
      );
    });

    test(`${PARALLEL} identical distributions at once store each item once and all count them`, async () => {
      const recipients = await stage.accounts(5);
      const sender = await stage.account();
      const all = recipients.map(({ id }) => pick(items(id, 1, { clientMessageId: 'key-1' }), 0));
      const wires = stage.everywhere(sender);
      const answers = await Promise.all(
        Array.from({ length: PARALLEL }, (_, n) => pick(wires, n).distribute('room', all)),
      );
      for (const answer of answers) assert.deepEqual([answer.status, answer.json], [200, { sent: 5 }]);
      for (const recipient of recipients) assert.equal((await waiting(recipient)).length, 1);
    });
  },
  { stages: ALL_STAGES },
);
