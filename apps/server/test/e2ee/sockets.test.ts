/** Sockets: who may come, what is pushed, and in which order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Envelope } from '@blindpost/protocol/e2ee';
import { dataOf, type E2eeWire } from '@blindpost/testbed/wire-e2ee';
import { UpgradeRefused } from '@blindpost/testbed/wire-socket';
import {
  assertAcked,
  assertEnvelope,
  assertSent,
  exactly,
  pushed,
  pushedSequences,
  settle,
  upTo,
  waiting,
} from './answers.js';
import { fullMessage, inFuture, message, messages } from './messages.js';
import { ALL_STAGES, onEveryStage, pick, SCALE, type Stage } from './stage.js';

const BACKLOG = Math.max(150, Math.round(900 * SCALE));

await onEveryStage('sockets, who may come', (stage) => {
  test('a token in the upgrade, or in the first frame, opens the queue', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    const sent = assertSent(await sender.send(message(recipient.id)));
    for (const by of ['header', 'frame'] as const) {
      const socket = await recipient.attend({ by });
      assert.equal((await pushed(socket)).id, sent.id);
      await socket.next('e2ee.queue.empty');
    }
  });

  test('auth.ok names the account and the end of its token, and comes before anything else', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    assertSent(await sender.send(message(recipient.id)));
    const socket = await recipient.open();
    socket.send({ type: 'auth', ref: 'a', data: { token: recipient.who.token } });
    const welcome = await socket.next('auth.ok');
    assert.equal(welcome.ref, 'a');
    const { accountId, expiresAt, ...more } = dataOf(welcome);
    assert.deepEqual([accountId, more], [recipient.id, {}]);
    assert.ok(Date.parse(String(expiresAt)) > Date.now());
    await socket.next('e2ee.queue.empty');
    assert.deepEqual(
      socket.frames.map(({ type }) => type),
      ['auth.ok', 'e2ee.envelope', 'e2ee.queue.empty'],
    );
  });

  test('who never says who it is, is closed, and is sent nothing', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    const socket = await recipient.open();
    assertSent(await sender.send(message(recipient.id)));
    assert.equal((await socket.closed()).code, 1008);
    assert.deepEqual(pushedSequences(socket), []);
  });

  test('a wrong token opens nothing, in either place', async () => {
    const recipient = await stage.account();
    const { token = '' } = recipient.who;
    const [head, body, signature = ''] = token.split('.');
    const forged = `${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`;
    for (const wrong of ['x', forged, none]) {
      const impostor = stage.client({ id: recipient.id, token: wrong });
      const refused = await impostor.attend().then(
        async (socket) => ({ code: (await socket.closed()).code, frames: socket.frames }),
        (error: unknown) => {
          assert.ok(error instanceof UpgradeRefused, String(error));
          return { code: error.answer.status, frames: [] };
        },
      );
      assert.ok(refused.code === 401 || refused.code === 1008, `${refused.code}`);
      assert.ok(!refused.frames.some(({ type }) => type !== 'error'));
      const socket = await impostor.open();
      socket.send({ type: 'auth', data: { token: wrong } });
      assert.equal((await socket.closed()).code, 1008);
      assert.ok(!socket.frames.some(({ type }) => type !== 'error'), JSON.stringify(socket.frames));
    }
  });

  test('nothing is done for a socket before it said who it is', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    const sent = assertSent(await sender.send(message(recipient.id)));
    const sending = await sender.open();
    sending.send({ type: 'e2ee.send', ref: 1, data: message(recipient.id) });
    const acking = await recipient.open();
    acking.send({ type: 'e2ee.ack', ref: 1, data: { ids: [sent.id] } });
    for (const socket of [sending, acking]) {
      assert.equal((await socket.closed()).code, 1008);
      assert.ok(!socket.frames.some(({ type }) => type !== 'error'), JSON.stringify(socket.frames));
    }
    assert.deepEqual(
      (await waiting(recipient)).map(({ id }) => id),
      [sent.id],
    );
  });

  test('a page of another origin gets no socket', async () => {
    const account = await stage.account();
    await assert.rejects(account.attend({ origin: 'https://elsewhere.example' }), (error) => {
      assert.ok(error instanceof UpgradeRefused, String(error));
      assert.equal(error.answer.status, 403);
      return true;
    });
  });
});

await onEveryStage(
  'sockets, pushes',
  (stage) => {
    test('a push has the members of the document, as they were sent', async () => {
      const [sender, recipient] = [await stage.account(), await stage.account()];
      const socket = await recipient.listen();
      const full = fullMessage(recipient.id);
      const answer = assertSent(await stage.elsewhere(sender).send(full));
      const envelope = await pushed(socket);
      const { deliveryStatus: _, deliveredAt: __, ackedAt: ___, expiresAt: ____, ...members } = answer;
      assert.deepEqual(envelope, members);
    });

    test('what waits comes first and in order, then once that it was all', async () => {
      const [sender, recipient] = [await stage.account(), await stage.account()];
      for (const answer of await sender.sendAll(messages(recipient.id, 30))) assertSent(answer);
      for (const wire of stage.everywhere(recipient)) {
        const socket = await wire.listen();
        assert.deepEqual(pushedSequences(socket), upTo(30));
        assert.equal(socket.frames.at(-1)?.type, 'e2ee.queue.empty');
      }
      const sockets = await Promise.all(stage.everywhere(recipient).map((wire) => wire.listen()));
      for (const answer of await sender.sendAll(messages(recipient.id, 5))) assertSent(answer);
      for (const socket of sockets) {
        await socket.next(
          ({ type, data }) => type === 'e2ee.envelope' && Reflect.get(Object(data), 'sequence') === 35,
        );
        assert.deepEqual(pushedSequences(socket), upTo(35));
        await settle(socket);
        assert.equal(socket.of('e2ee.queue.empty').length, 1);
      }
    });

    test('an empty queue is told, once', async () => {
      const recipient = await stage.account();
      const socket = await recipient.listen();
      await settle(socket);
      assert.equal(socket.of('e2ee.queue.empty').length, 1);
      assert.deepEqual(pushedSequences(socket), []);
    });

    test(`${BACKLOG} that wait and as many that come meanwhile are pushed in order, each once`, async () => {
      const recipient = await stage.account();
      const senders = await stage.accounts(4);
      const half = Math.floor(BACKLOG / senders.length);
      const burst = () => Promise.all(senders.map((sender) => sender.sendAll(messages(recipient.id, half))));
      for (const answer of (await burst()).flat()) assertSent(answer);
      const sending = burst();
      const sockets = await Promise.all(
        [...stage.everywhere(recipient), ...stage.everywhere(recipient)].map((wire) => wire.attend()),
      );
      for (const answer of (await sending).flat()) assertSent(answer);
      const total = 2 * half * senders.length;
      for (const socket of sockets) {
        await socket.next(
          ({ type, data }) => type === 'e2ee.envelope' && Reflect.get(Object(data), 'sequence') === total,
        );
        await settle(socket);
        assert.deepEqual(pushedSequences(socket), upTo(total));
        await socket.next('e2ee.queue.empty');
        assert.equal(socket.of('e2ee.queue.empty').length, 1);
      }
    });

    test('what is not acknowledged is pushed again to who comes again, and nothing else', async () => {
      const [sender, recipient] = [await stage.account(), await stage.account()];
      const first = await recipient.listen();
      const sent = (await sender.sendAll(messages(recipient.id, 5))).map(assertSent);
      for (const n of upTo(5)) assert.equal((await pushed(first)).sequence, n);
      await first.close();
      assertAcked(await recipient.ackAll({ ids: [String(sent[1]?.id), String(sent[3]?.id)] }), 2);
      for (const wire of stage.everywhere(recipient)) {
        assert.deepEqual(pushedSequences(await wire.listen()), [1, 3, 5]);
      }
      assertAcked(await recipient.ackAll({ upTo: 5 }), 3);
      for (const wire of stage.everywhere(recipient))
        assert.deepEqual(pushedSequences(await wire.listen()), []);
    });

    test('every socket of the device gets every push, and nobody else’s', async () => {
      const [sender, recipient, other] = await stage.accounts(3);
      assert.ok(sender && recipient && other);
      const sockets = await Promise.all(
        [...stage.everywhere(recipient), ...stage.everywhere(recipient), recipient].map((wire) =>
          wire.listen(),
        ),
      );
      const foreign = await Promise.all([sender, other].map((wire) => wire.listen()));
      const sent = (await sender.sendAll(messages(recipient.id, 10))).map(assertSent);
      for (const socket of sockets) {
        for (const { id } of sent) assert.equal((await pushed(socket)).id, id);
      }
      // The last of these shows that nothing came before it.
      assertSent(await recipient.send(message(sender.id)));
      assertSent(await recipient.send(message(other.id)));
      for (const socket of foreign) {
        await pushed(socket);
        assert.deepEqual(pushedSequences(socket), [1]);
      }
    });

    test('64 senders at once: every socket sees every number once and in order', async () => {
      const recipient = await stage.account();
      const senders = await stage.accounts(64);
      const sockets = await Promise.all(
        [...stage.everywhere(recipient), recipient].map((wire) => wire.listen()),
      );
      const answers = await Promise.all(senders.map((sender) => sender.sendAll(messages(recipient.id, 4))));
      const total = answers.flat().map(assertSent).length;
      for (const socket of sockets) {
        for (const n of upTo(total)) assert.equal((await pushed(socket)).sequence, n);
      }
    });

    test('a socket that is gone costs nothing: what was sent meanwhile waits', async () => {
      const [sender, recipient] = [await stage.account(), await stage.account()];
      const gone = await recipient.listen();
      gone.terminate();
      for (const answer of await sender.sendAll(messages(recipient.id, 3))) assertSent(answer);
      assert.deepEqual(pushedSequences(await recipient.listen()), [1, 2, 3]);
    });
  },
  { stages: ALL_STAGES },
);

await onEveryStage('sockets, acks', (stage) => {
  test('by ids and up to a number, answered where there is a ref', async () => {
    const { sender, recipient, sent } = await queued(stage, 6);
    const socket = await recipient.listen();
    const [a = '', b = ''] = sent.map(({ id }) => id);
    socket.send({ type: 'e2ee.ack', ref: 'ids', data: { ids: [a, b, a] } });
    const byIds = await socket.next('e2ee.acked');
    assert.deepEqual([byIds.ref, byIds.data], ['ids', { acknowledged: 2 }]);
    socket.send({ type: 'e2ee.ack', ref: 0, data: { upTo: 4 } });
    const byNumber = await socket.next('e2ee.acked');
    assert.deepEqual([byNumber.ref, byNumber.data], [0, { acknowledged: 2 }]);
    socket.send({ type: 'e2ee.ack', data: { upTo: 5 } });
    await settle(socket);
    assert.deepEqual(
      (await waiting(recipient)).map(({ sequence }) => sequence),
      [6],
    );
    // Two asked for an answer, and so did what settled it.
    assert.equal(socket.of('e2ee.acked').length, 3);
    assert.equal(assertEnvelope(await recipient.ack(a)).deliveryStatus, 2);
    assert.deepEqual(await waiting(sender), []);
  });

  test('those of others are passed over', async () => {
    const { sender, recipient, sent } = await queued(stage, 2);
    const socket = await sender.listen();
    socket.send({ type: 'e2ee.ack', ref: 1, data: { ids: sent.map(({ id }) => id) } });
    assert.deepEqual((await socket.next('e2ee.acked')).data, { acknowledged: 0 });
    assert.equal((await waiting(recipient)).length, 2);
  });

  test('an ack by one socket is one for all of the device', async () => {
    const { recipient } = await queued(stage, 3);
    const [one, two] = [await recipient.listen(), await recipient.listen()];
    one.send({ type: 'e2ee.ack', ref: 1, data: { upTo: 3 } });
    await one.next('e2ee.acked');
    two.send({ type: 'e2ee.ack', ref: 1, data: { upTo: 3 } });
    assert.deepEqual((await two.next('e2ee.acked')).data, { acknowledged: 0 });
    assert.deepEqual(pushedSequences(await recipient.listen()), []);
  });
});

await onEveryStage('sockets, sends', (stage) => {
  test('a send is answered with its ref, as its sender sees it, and pushed to its recipient', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    const [sending, receiving] = [await sender.listen(), await recipient.listen()];
    for (const ref of ['a', 7, 0, undefined]) {
      const full = { ...fullMessage(recipient.id), expiresAt: inFuture() };
      sending.send({ type: 'e2ee.send', ...(ref === undefined ? {} : { ref }), data: full });
      const answer = await sending.next('e2ee.sent');
      assert.equal(answer.ref, ref);
      const { id, senderId, sequence, createdAt, ...members } = exactly(Envelope, dataOf(answer));
      assert.deepEqual(members, { ...full, deliveryStatus: 0, deliveredAt: null, ackedAt: null });
      assert.equal(senderId, sender.id);
      const envelope = await pushed(receiving);
      assert.deepEqual([envelope.id, envelope.sequence, envelope.createdAt], [id, sequence, createdAt]);
    }
  });

  test('many at once are stored in the order they were written, each answered by its ref', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    const socket = await sender.listen();
    const all = messages(recipient.id, 100);
    for (const [ref, data] of all.entries()) socket.send({ type: 'e2ee.send', ref, data });
    for (const [n, { ciphertext }] of all.entries()) {
      const frame = await socket.next(({ ref }) => ref === n);
      assert.equal(frame.type, 'e2ee.sent', JSON.stringify(frame));
      assert.deepEqual([dataOf(frame).sequence, dataOf(frame).ciphertext], [n + 1, ciphertext]);
    }
    assert.deepEqual(
      (await waiting(recipient)).map(({ ciphertext }) => ciphertext),
      all.map(({ ciphertext }) => ciphertext),
    );
  });
});

async function queued(
  stage: Stage,
  count: number,
): Promise<{ sender: E2eeWire; recipient: E2eeWire; sent: Envelope[] }> {
  const [sender, recipient] = [await stage.account(), await stage.account()];
  const sent = (await pick(stage.everywhere(sender), 0).sendAll(messages(recipient.id, count))).map(
    assertSent,
  );
  return { sender, recipient, sent };
}
