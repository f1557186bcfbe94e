/** Rule 1: the sequence of a queue starts at 1, is unique and has no gap. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Envelope } from '@blindpost/protocol/e2ee';
import { dataOf } from '@blindpost/testbed/wire-e2ee';
import { assertRefused, assertRefusedItem, assertSent, exactly, upTo, waiting } from './answers.js';
import { items, message, messages } from './messages.js';
import { ALL_STAGES, onEveryStage, pick } from './stage.js';

const SENDERS = 64;
const EACH = 50;
const TOTAL = SENDERS * EACH;

const ordered = (envelopes: readonly Envelope[]) =>
  envelopes.map(({ sequence }) => sequence).sort((a, b) => a - b);

await onEveryStage(
  'rule 1, sequence',
  (stage) => {
    test(`${SENDERS} parallel senders of ${EACH} each give exactly 1 to ${TOTAL}`, async () => {
      const recipient = await stage.account();
      const senders = await stage.accounts(SENDERS);
      const told = await Promise.all(
        senders.map(async (sender) => {
          const answers = (await sender.sendAll(messages(recipient.id, EACH))).map(assertSent);
          const sequences = answers.map(({ sequence }) => sequence);
          assert.deepEqual(
            sequences,
            ordered(answers),
            'what one sends after the other stands in that order',
          );
          for (const { senderId } of answers) assert.equal(senderId, sender.id);
          return answers;
        }),
      );
      const answers = told.flat().sort((a, b) => a.sequence - b.sequence);
      assert.deepEqual(ordered(answers), upTo(TOTAL));
      for (const wire of stage.everywhere(recipient)) {
        const queue = await waiting(wire);
        const seen = ({ id, sequence, senderId, ciphertext }: Envelope) => [
          sequence,
          id,
          senderId,
          ciphertext,
        ];
        assert.deepEqual(queue.map(seen), answers.map(seen));
      }
    });

    test(`${SENDERS} sockets that send ${EACH} each at once give exactly 1 to ${TOTAL}`, async () => {
      const recipient = await stage.account();
      const senders = await stage.accounts(SENDERS);
      const told = await Promise.all(
        senders.map(async (sender) => {
          const socket = await sender.attend();
          for (const [ref, data] of messages(recipient.id, EACH).entries()) {
            socket.send({ type: 'e2ee.send', ref, data });
          }
          const sent: Envelope[] = [];
          for (let ref = 0; ref < EACH; ref += 1) {
            const frame = await socket.next((each) => each.ref === ref);
            assert.equal(frame.type, 'e2ee.sent', JSON.stringify(frame));
            sent.push(exactly(Envelope, dataOf(frame)));
          }
          await socket.close();
          return sent;
        }),
      );
      assert.deepEqual(ordered(told.flat()), upTo(TOTAL));
      assert.deepEqual(ordered(await waiting(recipient)), upTo(TOTAL));
    });

    test('each queue counts for itself, and messages and sender keys share its numbers', async () => {
      const recipients = await stage.accounts(3);
      const senders = await stage.accounts(9);
      const each = 5;
      await Promise.all(
        senders.map(async (sender, n) => {
          if (n % 3 === 0) {
            const all = recipients.flatMap(({ id }) => items(id, each));
            const answer = await pick(stage.everywhere(sender), n).distribute('room', all);
            assert.equal(answer.json.sent, 3 * each, String(answer));
          } else {
            const sends = recipients.flatMap(({ id }) => messages(id, each));
            for (const answer of await sender.sendAll(sends)) assertSent(answer);
          }
        }),
      );
      for (const recipient of recipients) {
        assert.deepEqual(ordered(await waiting(recipient)), upTo(senders.length * each));
      }
    });

    test('refused and repeated sends take no number', async () => {
      const recipient = await stage.account();
      const sender = await stage.account();
      const repeated = message(recipient.id, { clientMessageId: 'once' });
      assert.equal(assertSent(await sender.send(repeated)).sequence, 1);
      const kept = Array.from({ length: 20 }, async (_, n) => {
        const wire = pick(stage.everywhere(sender), n);
        const empty = { ...message(recipient.id), ciphertext: '' };
        assertRefused(await wire.send(empty), 400, 'invalid_request', 'ciphertext');
        assert.equal(assertSent(await wire.send(repeated)).sequence, 1);
        const other = message(recipient.id, { clientMessageId: 'once' });
        assertRefused(await wire.send(other), 422, 'idempotency_mismatch');
        const self = [...items(recipient.id, 1), ...items(sender.id, 1)];
        assertRefusedItem(await wire.distribute('room', self), 400, 'self_recipient', 1);
        return assertSent(await wire.send(message(recipient.id)));
      });
      assert.deepEqual(ordered(await Promise.all(kept)), upTo(21).slice(1));
      assert.deepEqual(ordered(await waiting(recipient)), upTo(21));
    });
  },
  { stages: ALL_STAGES },
);
