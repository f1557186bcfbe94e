/** Rule 7: acknowledging one, several or everything up to a number. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { Envelope } from '@blindpost/protocol/e2ee';
import type { E2eeWire } from '@blindpost/testbed/wire-e2ee';
import { assertAcked, assertEnvelope, assertRefused, assertSent, waiting } from './answers.js';
import { items, messages } from './messages.js';
import { onEveryStage, type Stage } from './stage.js';

const numbers = (envelopes: readonly Envelope[]) => envelopes.map(({ sequence }) => sequence);

await onEveryStage('rule 7, acks', (stage) => {
  test('one ack answers the envelope, and it leaves the queue', async () => {
    const { recipient, sent } = await queued(stage, 3);
    const [, second] = await waiting(recipient);
    assert.ok(second !== undefined && second.id === sent[1]?.id);
    const { ackedAt, ...acked } = assertEnvelope(await recipient.ack(second.id));
    assert.ok(ackedAt !== null);
    const { ackedAt: _, ...rest } = second;
    assert.deepEqual(acked, { ...rest, deliveryStatus: 2 });
    assert.deepEqual(numbers(await waiting(recipient)), [1, 3]);
  });

  test('an id is taken in either case of its letters', async () => {
    const { recipient, sent } = await queued(stage, 2);
    assert.equal(assertEnvelope(await recipient.ack(String(sent[0]?.id.toUpperCase()))).id, sent[0]?.id);
    assertAcked(await recipient.ackAll({ ids: [String(sent[1]?.id.toUpperCase())] }), 1);
  });

  test('an ack of what nobody sent, or of what is for somebody else, is not found', async () => {
    const { sender, recipient, sent } = await queued(stage, 1);
    const other = await stage.account();
    const id = String(sent[0]?.id);
    assertRefused(await recipient.ack(randomUUID()), 404, 'not_found');
    for (const wire of [sender, other]) assertRefused(await wire.ack(id), 404, 'not_found');
    assertRefused(await recipient.ack('no-uuid'), 400, 'invalid_request');
    assert.deepEqual(numbers(await waiting(recipient)), [1]);
  });

  test('several ids at once; those of others, of nobody and those again are passed over', async () => {
    const { sender, recipient, sent } = await queued(stage, 6);
    const other = await queued(stage, 2);
    const ids = sent.map(({ id }) => id);
    const foreign = other.sent.map(({ id }) => id);
    const [a = '', b = '', c = ''] = ids;
    assertAcked(await recipient.ackAll({ ids: [a, ...foreign, randomUUID(), b, a] }), 2);
    assertAcked(await recipient.ackAll({ ids: [a, b, c] }), 1);
    assertAcked(await recipient.ackAll({ ids: [] }), 0);
    assertAcked(await sender.ackAll({ ids }), 0);
    assert.deepEqual(numbers(await waiting(recipient)), [4, 5, 6]);
    assert.deepEqual(numbers(await waiting(other.recipient)), [1, 2]);
  });

  test('everything up to a number', async () => {
    const { sender, recipient } = await queued(stage, 6);
    assertAcked(await recipient.ackAll({ upTo: 0 }), 0);
    assertAcked(await recipient.ackAll({ upTo: 2 }), 2);
    assertAcked(await recipient.ackAll({ upTo: 4 }), 2);
    assertAcked(await recipient.ackAll({ upTo: 4 }), 0);
    assertAcked(await sender.ackAll({ upTo: 6 }), 0);
    assert.deepEqual(numbers(await waiting(recipient)), [5, 6]);
    assertAcked(await recipient.ackAll({ upTo: Number.MAX_SAFE_INTEGER }), 2);
    assert.deepEqual(await waiting(recipient), []);
    // It was about what was there.
    assertSent(await sender.send({ recipientId: recipient.id, ciphertext: 'AAAA' }));
    assert.deepEqual(numbers(await waiting(recipient)), [7]);
  });

  test('500 ids, not 501', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    for (const count of [500, 1]) {
      assert.equal((await sender.distribute('room', items(recipient.id, count))).json.sent, count);
    }
    const ids = (await waiting(recipient)).map(({ id }) => id);
    assert.equal(ids.length, 501);
    assertRefused(await recipient.ackAll({ ids }), 400, 'invalid_request', 'ids');
    assert.equal((await waiting(recipient)).length, 501);
    assertAcked(await recipient.ackAll({ ids: ids.slice(0, 500) }), 500);
    assert.deepEqual(numbers(await waiting(recipient)), [501]);
  });

  test('neither or both, and what is no id or number, acknowledges nothing', async () => {
    const { recipient, sent } = await queued(stage, 2);
    const ids = sent.map(({ id }) => id);
    for (const body of [
      {},
      { ids, upTo: 2 },
      { ids: 'all' },
      { ids: ['x'] },
      { upTo: -1 },
      { upTo: '2' },
      { upTo: 1.5 },
    ]) {
      assertRefused(await recipient.post('/messages/ack', body), 400, 'invalid_request');
    }
    assertRefused(await recipient.post('/messages/ack', [1]), 400, 'invalid_request');
    assert.deepEqual(numbers(await waiting(recipient)), [1, 2]);
  });

  test('32 acks of the same ids at once count each once', async () => {
    const { recipient, sent } = await queued(stage, 10);
    const ids = sent.map(({ id }) => id);
    const answers = await Promise.all(Array.from({ length: 32 }, () => recipient.ackAll({ ids })));
    assert.equal(
      answers.map((answer) => assertAcked(answer)).reduce((sum, each) => sum + each),
      10,
    );
    assert.deepEqual(await waiting(recipient), []);
  });
});

async function queued(
  stage: Stage,
  count: number,
): Promise<{ sender: E2eeWire; recipient: E2eeWire; sent: Envelope[] }> {
  const [sender, recipient] = [await stage.account(), await stage.account()];
  const sent = (await sender.sendAll(messages(recipient.id, count))).map(assertSent);
  return { sender, recipient, sent };
}
