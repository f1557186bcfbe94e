/** Rule 6: an envelope goes from pending over delivered to acknowledged and never back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Envelope } from '@blindpost/protocol/e2ee';
import type { E2eeWire } from '@blindpost/testbed/wire-e2ee';
import {
  assertAcked,
  assertEnvelope,
  assertPage,
  assertRefused,
  assertSent,
  pushed,
  pushedSequences,
  settle,
  upTo,
  waiting,
} from './answers.js';
import { fullMessage, message, messages } from './messages.js';
import { ALL_STAGES, onEveryStage, pick, SCALE } from './stage.js';

const RACES = Math.max(4, Math.round(40 * SCALE));
const EACH = 25;

await onEveryStage(
  'rule 6, state',
  (stage) => {
    test('what is fetched is delivered, once and for all', async () => {
      const [sender, recipient] = [await stage.account(), await stage.account()];
      assertSent(await sender.send(fullMessage(recipient.id)));
      const [first] = await waiting(recipient);
      assert.ok(first?.deliveredAt);
      assert.deepEqual([first.deliveryStatus, first.ackedAt], [1, null]);
      for (const wire of stage.everywhere(recipient)) assert.deepEqual(await waiting(wire), [first]);
    });

    test('what a socket took is delivered before anybody fetches', async () => {
      const [sender, recipient] = [await stage.account(), await stage.account()];
      const socket = await recipient.listen();
      const sent = assertSent(await stage.elsewhere(sender).send(message(recipient.id)));
      assert.equal((await pushed(socket)).id, sent.id);
      const acked = assertEnvelope(await recipient.ack(sent.id));
      assert.equal(acked.deliveryStatus, 2);
      assert.ok(acked.deliveredAt !== null && acked.ackedAt !== null);
      assert.ok(Date.parse(acked.deliveredAt) <= Date.parse(acked.ackedAt));
    });

    test('an ack is final: repeated it changes nothing, and no delivery undoes it', async () => {
      const [sender, recipient] = [await stage.account(), await stage.account()];
      const sent = assertSent(await sender.send(message(recipient.id)));
      const acked = assertEnvelope(await recipient.ack(sent.id));
      assert.equal(acked.deliveryStatus, 2);
      assert.ok(acked.ackedAt !== null);
      assert.deepEqual(await waiting(recipient), []);
      const socket = await recipient.listen();
      assert.deepEqual(pushedSequences(socket), []);
      for (const wire of stage.everywhere(recipient)) {
        assert.deepEqual(assertEnvelope(await wire.ack(sent.id)), acked);
        assertAcked(await wire.ackAll({ ids: [sent.id] }), 0);
        assertAcked(await wire.ackAll({ upTo: sent.sequence }), 0);
      }
      assert.deepEqual(assertEnvelope(await recipient.ack(sent.id)), acked);
    });

    test(`acks, fetches and pushes at once: in ${RACES} races no ack is undone`, async () => {
      const [sender, recipient] = [await stage.account(), await stage.account()];
      const wires = stage.everywhere(recipient);
      for (let race = 0; race < RACES; race += 1) {
        const sent = (await Promise.all(messages(recipient.id, EACH).map((each) => sender.send(each)))).map(
          assertSent,
        );
        // Opening a socket has everything that waits pushed again, while it is fetched and acknowledged.
        const sockets = Promise.all([...wires, ...wires].map((wire) => wire.attend()));
        const fetches = Array.from({ length: 12 }, (_, n) => pick(wires, n).pending());
        const acks = sent.map(({ id }, n) => pick(wires, n).ack(id));
        const again = sent.map(({ id }, n) => pick(wires, n + 1).ack(id));
        const more = Array.from({ length: 12 }, (_, n) => pick(wires, n).pending());
        const firsts = (await Promise.all(acks)).map(assertEnvelope);
        const seconds = (await Promise.all(again)).map(assertEnvelope);
        const open = await sockets;
        for (const answer of await Promise.all([...fetches, ...more])) {
          for (const each of assertPage(answer).envelopes)
            assert.ok(each.deliveryStatus < 2, 'acked is not listed');
        }
        for (const socket of open) {
          await socket.next('e2ee.queue.empty');
          await settle(socket);
          await socket.close();
        }
        for (const wire of wires) assert.deepEqual(await waiting(wire), []);
        await assertFinal(wires, firsts);
        await assertFinal(wires, seconds);
      }
    });

    test('an ack of everything and fetches at once: what is answered as acknowledged stays so', async () => {
      const [sender, recipient] = [await stage.account(), await stage.account()];
      const wires = stage.everywhere(recipient);
      let last = 0;
      for (let race = 0; race < RACES; race += 1) {
        const sent = (await Promise.all(messages(recipient.id, EACH).map((each) => sender.send(each)))).map(
          assertSent,
        );
        last += EACH;
        const [acks] = await Promise.all([
          Promise.all(Array.from({ length: 6 }, (_, n) => pick(wires, n).ackAll({ upTo: last }))),
          Promise.all(Array.from({ length: 12 }, (_, n) => pick(wires, n).pending())),
        ]);
        const total = acks.map((answer) => assertAcked(answer)).reduce((sum, each) => sum + each);
        assert.equal(total, EACH, 'each is acknowledged by one request');
        assert.deepEqual(await waiting(recipient), []);
        for (const { id } of sent.slice(0, 3)) {
          assert.equal(assertEnvelope(await recipient.ack(id)).deliveryStatus, 2);
        }
      }
    });

    test('the sender is never told that anybody read', async () => {
      const [sender, recipient] = [await stage.account(), await stage.account()];
      const socket = await sender.listen();
      const once = fullMessage(recipient.id);
      const first = assertSent(await sender.send(once));
      const look = async () => {
        for (const wire of stage.everywhere(sender))
          assert.deepEqual(assertSent(await wire.send(once)), first);
        socket.send({ type: 'e2ee.send', ref: 'look', data: once });
        const { data } = await socket.next(({ ref }) => ref === 'look');
        assert.deepEqual(data, first);
        assertRefused(await sender.ack(first.id), 404, 'not_found');
        assertAcked(await sender.ackAll({ ids: [first.id] }), 0);
        assert.deepEqual(await waiting(sender), []);
      };
      await look();
      assert.equal((await waiting(recipient)).length, 1);
      await look();
      assert.equal(assertEnvelope(await recipient.ack(first.id)).deliveryStatus, 2);
      await look();
      assert.deepEqual(
        socket.frames
          .map(({ type }) => type)
          .filter((type) => !['auth.ok', 'e2ee.queue.empty', 'e2ee.sent'].includes(type)),
        [],
      );
    });

    test('what was delivered and not acknowledged stays in the queue', async () => {
      const [sender, recipient] = [await stage.account(), await stage.account()];
      for (const answer of await sender.sendAll(messages(recipient.id, 6))) assertSent(answer);
      const queue = await waiting(recipient);
      assertEnvelope(await recipient.ack(queue[2]?.id ?? ''));
      assertEnvelope(await recipient.ack(queue[5]?.id ?? ''));
      const left = queue.filter((_, n) => n !== 2 && n !== 5);
      assert.deepEqual(await waiting(recipient), left);
      const socket = await recipient.listen();
      const numbers = left.map(({ sequence }) => sequence);
      assert.deepEqual(
        numbers,
        upTo(6).filter((n) => n !== 3 && n !== 6),
      );
      assert.deepEqual(pushedSequences(socket), numbers);
    });
  },
  { stages: ALL_STAGES },
);

/** Whatever is asked now, these are acknowledged, since when they were first. */
async function assertFinal(wires: readonly E2eeWire[], acked: readonly Envelope[]): Promise<void> {
  for (const [n, envelope] of acked.entries()) {
    assert.equal(envelope.deliveryStatus, 2);
    const now = assertEnvelope(await pick(wires, n).ack(envelope.id));
    assert.deepEqual([now.deliveryStatus, now.ackedAt], [2, envelope.ackedAt]);
  }
}
