/** Rule 8: what is past its date is neither pushed nor listed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAcked, assertPage, assertRefused, assertSent, pushedSequences, waiting } from './answers.js';
import { inFuture, items, message } from './messages.js';
import { eventually, onEveryStage } from './stage.js';

/** Long enough to be seen before it is over. */
const SHORT_MS = 2_000;

await onEveryStage('rule 8, expiry', (stage) => {
  test('a date that is past is refused, by name', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    const past = [inFuture(-1_000), '2020-03-01T00:00:00Z', '1970-01-01T00:00:00+00:00'];
    for (const expiresAt of [...past, 'tomorrow', '2026-13-01T00:00:00Z', '']) {
      const answer = await sender.send(message(recipient.id, { expiresAt }));
      assertRefused(answer, 400, 'invalid_request', 'expiresAt');
      const distribution = await sender.distribute('room', items(recipient.id, 2), { expiresAt });
      assertRefused(distribution, 400, 'invalid_request', 'expiresAt');
    }
    assert.deepEqual(await waiting(recipient), []);
    assert.equal(assertSent(await sender.send(message(recipient.id))).sequence, 1);
  });

  test('a date with an offset is the same point in time', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    const utc = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 3_600_000);
    const there = new Date(utc.getTime() + 2 * 3_600_000).toISOString().replace('.000Z', '+02:00');
    const sent = assertSent(await sender.send(message(recipient.id, { expiresAt: there })));
    assert.equal(sent.expiresAt, utc.toISOString());
    assert.equal((await waiting(recipient))[0]?.expiresAt, utc.toISOString());
  });

  test('until then it is listed, afterwards neither listed nor pushed, and the others are', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    const lasting = assertSent(await sender.send(message(recipient.id, { expiresAt: inFuture() })));
    const passing = assertSent(await sender.send(message(recipient.id, { expiresAt: inFuture(SHORT_MS) })));
    const groups = await sender.distribute('room', items(recipient.id, 2), { expiresAt: inFuture(SHORT_MS) });
    assert.equal(groups.json.sent, 2);
    const last = assertSent(await sender.send(message(recipient.id)));
    assert.deepEqual([lasting.sequence, passing.sequence, last.sequence], [1, 2, 5]);
    const now = await waiting(recipient);
    // Whoever is slow may find them gone already, but never a part of what lasts.
    assert.ok([5, 4, 2].includes(now.length), `${now.length}`);
    await eventually('expired', async () => (await waiting(recipient)).length === 2);
    const ids = [lasting.id, last.id];
    assert.deepEqual(
      (await waiting(recipient)).map(({ id }) => id),
      ids,
    );
    const { envelopes, more } = assertPage(await recipient.pending({ take: 2 }));
    assert.deepEqual([envelopes.length, more], [2, false]);
    const before = assertPage(await recipient.pending({ take: 1 }));
    assert.deepEqual([before.envelopes[0]?.id, before.more], [lasting.id, true]);
    const after = assertPage(await recipient.pending({ after: 1, take: 1 }));
    assert.deepEqual([after.envelopes[0]?.id, after.more], [last.id, false]);
    const socket = await recipient.listen();
    assert.deepEqual(pushedSequences(socket), [1, 5]);
    assert.equal(assertSent(await sender.send(message(recipient.id))).sequence, 6);
  });

  test('when all that waited has expired, the queue is empty', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    for (let n = 0; n < 3; n += 1) {
      assertSent(await sender.send(message(recipient.id, { expiresAt: inFuture(SHORT_MS / 2) })));
    }
    await eventually('expired', async () => (await waiting(recipient)).length === 0);
    assert.deepEqual(assertPage(await recipient.pending()), { envelopes: [], more: false });
    const socket = await recipient.listen();
    assert.deepEqual(pushedSequences(socket), []);
    assertSent(await sender.send(message(recipient.id)));
    await socket.next('e2ee.envelope');
    assert.deepEqual(pushedSequences(socket), [4]);
    assertAcked(await recipient.ackAll({ upTo: 4 }));
    assert.deepEqual(await waiting(recipient), []);
  });

  test('what has expired takes no room: a sender who filled a queue may send again', async () => {
    const [sender, recipient] = [await stage.account(), await stage.account()];
    for (let n = 0; n < 2; n += 1) {
      const expiresAt = inFuture(SHORT_MS);
      const answer = await sender.distribute('room', items(recipient.id, 500), { expiresAt });
      assert.equal(answer.status, 200, String(answer));
    }
    await eventually('room again', async () => (await sender.send(message(recipient.id))).status === 200);
    assert.deepEqual(
      (await waiting(recipient)).map(({ sequence }) => sequence),
      [1_001],
    );
  });
});
