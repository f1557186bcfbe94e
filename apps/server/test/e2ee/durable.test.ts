/** Rule 10, without violence: what was answered is on disk and goes on from there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeE2eeUpload } from '@blindpost/testbed/wire-bundle';
import {
  assertBundle,
  assertEnvelope,
  assertPublic,
  assertSent,
  pushedSequences,
  stock,
  upTo,
  waiting,
} from './answers.js';
import { fullMessage, message, messages } from './messages.js';
import { onEveryStage, SCALE } from './stage.js';

const STOPS = Math.max(3, Math.round(20 * SCALE));
const SENDERS = 16;

await onEveryStage('rule 10, a stop in order', (stage) => {
  test('everything is as it was, and nobody is logged out', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    const upload = makeE2eeUpload(3, { meta: { bundle_version: 1 } });
    assertBundle(await recipient.upload(upload));
    const taken = assertPublic(await sender.claim(recipient.id)).oneTimePreKey;
    const bundle = assertPublic(await recipient.me());
    const session = await sender.ensureSession(recipient.id, { hint: 'x3dh-v1', meta: { a_b: 1 } });
    const sent = (await sender.sendAll([fullMessage(recipient.id), ...messages(recipient.id, 3)])).map(
      assertSent,
    );
    const acked = assertEnvelope(await recipient.ack(sent[1]?.id ?? ''));
    const queue = await waiting(recipient);

    const old = stage.server;
    await stage.restart('stop');
    assert.equal(await old.exited, 0);

    const [from, to] = [stage.again(sender), stage.again(recipient)];
    assert.deepEqual(await waiting(to), queue);
    assert.deepEqual(assertEnvelope(await to.ack(acked.id)), acked);
    assert.deepEqual(assertPublic(await to.me()), bundle);
    assert.equal(await stock(to), 2);
    assert.notEqual(assertPublic(await from.claim(recipient.id)).oneTimePreKey?.keyId, taken?.keyId);
    const again = await from.ensureSession(recipient.id);
    assert.deepEqual([again.json.id, again.json.createdAt], [session.json.id, session.json.createdAt]);
    assert.equal(assertSent(await from.send(message(recipient.id))).sequence, 5);
  });

  test('a repeated send is the same before and after', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    const once = fullMessage(recipient.id);
    const first = assertSent(await sender.send(once));
    await stage.restart('stop');
    assert.deepEqual(assertSent(await stage.again(sender).send(once)), first);
    assertEnvelope(await stage.again(recipient).ack(first.id));
    await stage.restart('stop');
    assert.deepEqual(assertSent(await stage.again(sender).send(once)), first);
    assert.deepEqual(await waiting(stage.again(recipient)), []);
  });

  test('sockets are told to come again, and find their queue', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    const socket = await recipient.listen();
    for (const answer of await sender.sendAll(messages(recipient.id, 3))) assertSent(answer);
    await stage.restart('stop');
    assert.ok([1001, 1012].includes((await socket.closed()).code));
    assert.deepEqual(pushedSequences(await stage.again(recipient).listen()), [1, 2, 3]);
  });

  test(`${STOPS} stops amid ${SENDERS} senders: whatever was answered is there, once, in its place`, async () => {
    const senders = await stage.accounts(SENDERS);
    const recipient = await stage.account();
    const answered = new Map<string, number>();
    for (let stop = 0; stop < STOPS; stop += 1) {
      const sending = senders.map(async (sender) => {
        const wire = stage.again(sender);
        for (let n = 0; ; n += 1) {
          const sent = message(recipient.id, { clientMessageId: `${stop}-${n}` });
          const answer = await wire.send(sent).catch(() => undefined);
          // What was under way is answered or not done, and a server that ends may say so.
          if (answer === undefined || answer.status === 503) return sent;
          answered.set(sent.ciphertext, assertSent(answer).sequence);
        }
      });
      const before = answered.size;
      while (answered.size < before + SENDERS) await new Promise((resolve) => setTimeout(resolve, 5));
      await stage.restart('stop');
      const unanswered = await Promise.all(sending);
      for (const [n, sent] of unanswered.entries()) {
        const sender = senders[n];
        assert.ok(sender !== undefined);
        answered.set(sent.ciphertext, assertSent(await stage.again(sender).send(sent)).sequence);
      }
      const queue = await waiting(stage.again(recipient));
      assert.deepEqual(
        queue.map(({ sequence }) => sequence),
        upTo(queue.length),
      );
      assert.deepEqual(
        new Map(queue.map(({ ciphertext, sequence }) => [ciphertext, sequence])).size,
        queue.length,
      );
      for (const { ciphertext, sequence } of queue) assert.equal(answered.get(ciphertext), sequence);
      assert.equal(queue.length, answered.size);
      if (queue.length > 4_000) break;
    }
  });
});
