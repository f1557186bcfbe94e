/** Rule 10, without violence: what was answered is on disk and goes on from there. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { TestServer } from '@blindpost/testbed/server';
import { makeE2eeUpload } from '@blindpost/testbed/wire-bundle';
import type { E2eeWire } from '@blindpost/testbed/wire-e2ee';
import {
  assertAcked,
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
import { onEveryStage, SCALE, type Stage } from './stage.js';

const STOPS = Math.max(2, Math.round(20 * SCALE));
const SENDERS = 16;

/** What is done before the stop; it answers what must hold after it. */
type Deed = (stage: Stage) => Promise<(old: TestServer) => Promise<void>>;

const DEEDS: Readonly<Record<string, Deed>> = {
  'everything is as it was, and nobody is logged out': async (stage) => {
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
    return async (old) => {
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
    };
  },

  'a repeated send is the same before and after, whether it waits or is acknowledged': async (stage) => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    const [acked, waits] = [fullMessage(recipient.id), fullMessage(recipient.id)];
    const [first, second] = [assertSent(await sender.send(acked)), assertSent(await sender.send(waits))];
    assertEnvelope(await recipient.ack(first.id));
    return async () => {
      const from = stage.again(sender);
      assert.deepEqual(assertSent(await from.send(acked)), first);
      assert.deepEqual(assertSent(await from.send(waits)), second);
      const queue = await waiting(stage.again(recipient));
      assert.deepEqual(
        queue.map(({ id }) => id),
        [second.id],
      );
      assertEnvelope(await stage.again(recipient).ack(second.id));
      assert.deepEqual(assertSent(await from.send(waits)), second);
      assert.deepEqual(await waiting(stage.again(recipient)), []);
    };
  },

  'sockets are told to come again, and find their queue': async (stage) => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    const socket = await recipient.listen();
    for (const answer of await sender.sendAll(messages(recipient.id, 3))) assertSent(answer);
    return async () => {
      assert.ok([1001, 1012].includes((await socket.closed()).code));
      assert.deepEqual(pushedSequences(await stage.again(recipient).listen()), [1, 2, 3]);
    };
  },

  'sequences are never used again, though all that had them is acknowledged': async (stage) => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    for (const answer of await sender.sendAll(messages(recipient.id, 5))) assertSent(answer);
    assertAcked(await recipient.ackAll({ upTo: 5 }), 5);
    assert.equal(assertSent(await sender.send(message(recipient.id))).sequence, 6);
    return async () => {
      assert.equal(assertSent(await stage.again(sender).send(message(recipient.id))).sequence, 7);
      const queue = await waiting(stage.again(recipient));
      assert.deepEqual(
        queue.map(({ sequence }) => sequence),
        [6, 7],
      );
    };
  },

  'a prekey that was handed out before is not handed out after': async (stage) => {
    const [owner, requester] = [await stage.account(), await stage.account()];
    assertBundle(await owner.upload(makeE2eeUpload(8)));
    const claim = async (wire: E2eeWire) => assertPublic(await wire.claim(owner.id)).oneTimePreKey?.keyId;
    const taken = new Set<number | undefined>();
    for (let n = 0; n < 4; n += 1) taken.add(await claim(requester));
    return async () => {
      for (let n = 0; n < 4; n += 1) taken.add(await claim(stage.again(requester)));
      assert.deepEqual([taken.size, taken.has(undefined)], [8, false]);
      assert.equal(await claim(stage.again(requester)), undefined);
    };
  },
};

await onEveryStage(
  'rule 10, a stop in order',
  (stage) => {
    const held = new Map<string, Awaited<ReturnType<Deed>>>();
    let old: TestServer;

    before(async () => {
      for (const [name, deed] of Object.entries(DEEDS)) held.set(name, await deed(stage));
      old = stage.server;
      await stage.restart('stop');
    });

    for (const name of Object.keys(DEEDS)) test(name, () => held.get(name)?.(old));

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
  },
  { own: true },
);
