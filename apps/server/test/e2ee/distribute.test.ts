/** Rule 9: a sender key goes to all or to none. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { assertRefused, assertRefusedItem, assertSent, pushed, upTo, waiting } from './answers.js';
import { bytes, inFuture, items, message } from './messages.js';
import { onEveryStage, pick } from './stage.js';

await onEveryStage('rule 9, distribution', (stage) => {
  test('each item is an envelope of type 1 in its recipient’s queue, pushed to who listens', async () => {
    const recipients = await stage.accounts(4);
    const sender = await stage.account();
    const listening = await pick(recipients, 0).listen();
    const all = recipients.map(({ id }, n) => ({
      recipientId: id,
      ciphertext: bytes(),
      header: bytes(8),
      signature: bytes(64),
      clientMessageId: `skd-${n}`,
      meta: { epoch: n },
    }));
    const expiresAt = inFuture();
    const answer = await sender.distribute('room:engineering', all, { expiresAt });
    assert.deepEqual([answer.status, answer.json], [200, { sent: 4 }]);
    for (const [n, recipient] of recipients.entries()) {
      const [envelope, ...none] = await waiting(recipient);
      assert.deepEqual(none, []);
      assert.ok(envelope !== undefined);
      const { id, senderId, sequence, sessionId, deliveryStatus, deliveredAt, ackedAt, createdAt, ...rest } =
        envelope;
      assert.deepEqual(rest, { ...all[n], type: 1, groupId: 'room:engineering', expiresAt });
      assert.deepEqual([senderId, sequence, sessionId], [sender.id, 1, null]);
      if (n === 0) assert.equal((await pushed(listening)).id, id);
    }
  });

  test('1 to 500 items, several of them for one recipient', async () => {
    const recipients = await stage.accounts(5);
    const sender = await stage.account();
    const all = Array.from({ length: 500 }, (_, n) => pick(items(pick(recipients, n).id, 1), 0));
    assert.equal((await sender.distribute('room', all)).json.sent, 500);
    for (const [n, recipient] of recipients.entries()) {
      const queue = await waiting(recipient);
      assert.deepEqual(
        queue.map(({ sequence }) => sequence),
        upTo(100),
      );
      assert.deepEqual(
        queue.map(({ ciphertext }) => ciphertext),
        all.filter((_, item) => item % 5 === n).map(({ ciphertext }) => ciphertext),
        'in the order of the items',
      );
    }
    assertRefused(await sender.distribute('room', []), 400, 'invalid_request', 'items');
    assertRefused(
      await sender.distribute('room', [...all, ...all.slice(0, 1)]),
      400,
      'invalid_request',
      'items',
    );
  });

  test('one bad item refuses all of them, and is named', async () => {
    const recipients = await stage.accounts(4);
    const sender = await stage.account();
    const taken = message(pick(recipients, 2).id, { clientMessageId: 'taken' });
    assertSent(await sender.send(taken));
    const good = recipients.map(({ id }) => pick(items(id, 1), 0));
    const bad: [number, string, object][] = [
      [404, 'not_found', { recipientId: randomUUID() }],
      [400, 'self_recipient', { recipientId: sender.id }],
      [400, 'invalid_request', { recipientId: 'nobody' }],
      [400, 'invalid_request', { ciphertext: '' }],
      [400, 'invalid_request', { ciphertext: 'not Base64!' }],
      [400, 'invalid_request', { header: '*' }],
      [400, 'invalid_request', { clientMessageId: 'x'.repeat(129) }],
      [413, 'payload_too_large', { ciphertext: bytes(256 * 1024 + 1) }],
      [422, 'idempotency_mismatch', { clientMessageId: 'taken' }],
    ];
    for (const [status, code, change] of bad) {
      const all = good.map((item, n) => (n === 2 ? { ...item, ...change } : item));
      assertRefusedItem(await sender.distribute('room', all), status, code, 2);
    }
    for (const [n, recipient] of recipients.entries())
      assert.equal((await waiting(recipient)).length, n === 2 ? 1 : 0);
    // Nothing of it took a number.
    assert.equal((await sender.distribute('room', good)).json.sent, 4);
    for (const [n, recipient] of recipients.entries()) {
      assert.equal((await waiting(recipient)).at(-1)?.sequence, n === 2 ? 2 : 1);
    }
  });

  test('a full queue of one refuses it for all', async () => {
    const [full, other, sender] = await stage.accounts(3);
    assert.ok(full && other && sender);
    for (let n = 0; n < 2; n += 1) {
      assert.equal((await sender.distribute('room', items(full.id, 500))).json.sent, 500);
    }
    const all = [...items(other.id, 3), ...items(full.id, 1)];
    assertRefusedItem(await sender.distribute('room', all), 507, 'queue_full', 3);
    assert.deepEqual(await waiting(other), []);
    assert.equal((await waiting(full)).length, 1_000);
  });

  test('repeated items count as sent and are not stored again', async () => {
    const recipients = await stage.accounts(3);
    const sender = await stage.account();
    const all = recipients.map(({ id }, n) => pick(items(id, 1, { clientMessageId: `key-${n}` }), 0));
    assert.deepEqual((await sender.distribute('room', all.slice(0, 2))).json, { sent: 2 });
    assert.deepEqual((await sender.distribute('room', all)).json, { sent: 3 });
    assert.deepEqual((await sender.distribute('room', all)).json, { sent: 3 });
    for (const recipient of recipients) assert.equal((await waiting(recipient)).length, 1);
  });

  test('a group needs a name of up to 256 characters, and 8 MiB are the end', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    const one = items(recipient.id, 1);
    assertRefused(await sender.distribute('', one), 400, 'invalid_request', 'groupId');
    assertRefused(await sender.distribute('g'.repeat(257), one), 400, 'invalid_request', 'groupId');
    assert.equal((await sender.distribute('g'.repeat(256), one)).json.sent, 1);
    const large = (count: number) =>
      Array.from({ length: count }, () => pick(items(recipient.id, 1, { ciphertext }), 0));
    const ciphertext = bytes(192 * 1024);
    assert.equal((await sender.distribute('room', large(31))).json.sent, 31);
    // The server may close before all of it is sent.
    const answer = await sender.distribute('room', large(33)).catch(() => undefined);
    if (answer !== undefined) assertRefused(answer, 413, 'payload_too_large');
    assert.equal((await waiting(recipient)).length, 32);
  });
});
