/** Rule 7: the queue, page by page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Envelope } from '@blindpost/protocol/e2ee';
import {
  assertAcked,
  assertPage,
  assertRefused,
  assertSent,
  pushedSequences,
  upTo,
  waiting,
} from './answers.js';
import { fullMessage, items, message, messages } from './messages.js';
import { onEveryStage, SCALE } from './stage.js';

const PER_SENDER = 1_000;
const PER_PAGE = 500;

const numbers = (envelopes: readonly Envelope[]) => envelopes.map(({ sequence }) => sequence);

await onEveryStage('rule 7, pending', (stage) => {
  const UNACKED = stage.name === 'sqlite' || SCALE === 1 ? 10_000 : 1_500;

  test('an empty queue is an empty list', async () => {
    const recipient = await stage.account();
    assert.deepEqual(assertPage(await recipient.pending()), { envelopes: [], more: false });
    assert.deepEqual(assertPage(await recipient.pending({ after: 9 })), { envelopes: [], more: false });
  });

  test('what was sent comes back as it was, and what was left out is null', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    const full = fullMessage(recipient.id);
    const plain = message(recipient.id);
    const answers = (await sender.sendAll([full, plain])).map(assertSent);
    const queue = await waiting(recipient);
    for (const [n, sent] of [full, plain].entries()) {
      const { id, senderId, sequence, createdAt, deliveredAt, ackedAt, deliveryStatus, ...content } =
        queue[n] ?? {};
      const nothing = { sessionId: null, type: 0, groupId: null, clientMessageId: null, header: null };
      assert.deepEqual(content, { ...nothing, signature: null, expiresAt: null, meta: null, ...sent });
      const answer = answers[n];
      assert.deepEqual(
        [id, sequence, createdAt, senderId],
        [answer?.id, n + 1, answer?.createdAt, sender.id],
      );
      assert.ok(deliveredAt !== null && ackedAt === null && deliveryStatus === 1);
    }
  });

  test('100 come without a word, 1 to 500 by take, which is clamped', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    for (const count of [500, 20]) {
      assert.equal((await sender.distribute('room', items(recipient.id, count))).json.sent, count);
    }
    const expected: [number | string | undefined, number][] = [
      [undefined, 100],
      [1, 1],
      [0, 1],
      [-7, 1],
      [7, 7],
      [500, 500],
      [501, 500],
      [999_999_999, 500],
    ];
    for (const [take, count] of expected) {
      const { envelopes, more } = assertPage(await recipient.pending(take === undefined ? {} : { take }));
      assert.deepEqual(numbers(envelopes), upTo(count), `take=${take}`);
      assert.equal(more, true);
    }
    for (const take of ['many', '1.5', '', '1e2', '0x10', '9'.repeat(16)]) {
      assertRefused(await recipient.pending({ take }), 400, 'invalid_request', 'take');
    }
  });

  test('after begins behind a number, and X-Has-More tells whether anything is left', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    for (const answer of await sender.sendAll(messages(recipient.id, 10))) assertSent(answer);
    for (const [after, take, expected, left] of [
      [0, 10, upTo(10), false],
      [0, 9, upTo(9), true],
      [0, 11, upTo(10), false],
      [4, 3, [5, 6, 7], true],
      [4, 6, [5, 6, 7, 8, 9, 10], false],
      [9, 1, [10], false],
      [10, 5, [], false],
      [1_000_000, 5, [], false],
    ] as const) {
      const { envelopes, more } = assertPage(await recipient.pending({ after, take }));
      assert.deepEqual([numbers(envelopes), more], [expected, left], `after=${after}&take=${take}`);
    }
    assertAcked(await recipient.ackAll({ upTo: 3 }), 3);
    const { envelopes, more } = assertPage(await recipient.pending({ after: 1, take: 2 }));
    assert.deepEqual([numbers(envelopes), more], [[4, 5], true]);
    for (const after of ['-1', 'x', '1.5', '']) {
      assertRefused(await recipient.pending({ after }), 400, 'invalid_request', 'after');
    }
  });

  test('a queue is for its account alone', async () => {
    const [sender, recipient, other] = await stage.accounts(3);
    assert.ok(sender && recipient && other);
    assertSent(await sender.send(message(recipient.id)));
    for (const wire of [sender, other]) assert.deepEqual(await waiting(wire), []);
    assert.equal((await waiting(recipient)).length, 1);
  });

  test(`${UNACKED} that are not acknowledged are all there to read, over HTTP and a socket`, async () => {
    const recipient = await stage.account();
    const senders = await stage.accounts(Math.ceil(UNACKED / PER_SENDER));
    await Promise.all(
      senders.map(async (sender, n) => {
        const mine = Math.min(PER_SENDER, UNACKED - n * PER_SENDER);
        for (let left = mine; left > 0; left -= PER_PAGE) {
          const answer = await sender.distribute('room', items(recipient.id, Math.min(PER_PAGE, left)));
          assert.equal(answer.status, 200, String(answer));
        }
      }),
    );
    for (const take of [500, 333]) assert.deepEqual(numbers(await waiting(recipient, take)), upTo(UNACKED));
    const socket = await recipient.listen();
    assert.deepEqual(pushedSequences(socket), upTo(UNACKED));
    assertAcked(await recipient.ackAll({ upTo: UNACKED }), UNACKED);
    assert.deepEqual(await waiting(recipient), []);
  });
});
