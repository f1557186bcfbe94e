import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { Envelope } from '@blindpost/protocol/e2ee';
import type { E2eeItem, E2eeWire } from '@blindpost/testbed/wire-e2ee';
import type { WireAnswer } from '@blindpost/testbed/wire-http';
import { assertOk, assertRefused, member } from '../relay/answers.js';
import { assertErrorFrame, waiting } from './answers.js';
import { bytes, message } from './messages.js';
import { ackEverything, given, sendFrame, sent } from './people.js';
import { eventually, onEveryStage } from './stage.js';

const LIMIT = 50;
const SHARE = LIMIT / 10;
const BYTES = 100_000;

/** 507, and whose share is used up. */
function assertFull(answer: WireAnswer, scope: 'sender' | 'queue'): void {
  assertRefused(answer, 507, 'queue_full');
  assert.equal(member(answer.json.details, 'scope'), scope, String(answer));
}

/** 1…N, or what comes after `from`. */
function assertSequences(queue: readonly Envelope[], count: number, from = 1): void {
  assert.deepEqual(
    queue.map(({ sequence }) => sequence),
    Array.from({ length: count }, (_, n) => from + n),
  );
}

await onEveryStage(
  'a queue that is full by count',
  (stage) => {
    const fill = async (recipient: E2eeWire, senders: readonly E2eeWire[]) => {
      for (const sender of senders) {
        for (let n = 0; n < SHARE; n += 1) await sent(sender, recipient.id);
      }
    };

    test('a sender fills a tenth of it and then only his share; the other nine are for others', async () => {
      const [bob, greedy, other] = await stage.accounts(3);
      assert.ok(bob !== undefined && greedy !== undefined && other !== undefined);
      await fill(bob, [greedy]);
      for (let n = 0; n < 3; n += 1) assertFull(await greedy.send(message(bob.id)), 'sender');
      await sent(other, bob.id);
      // What was refused took no number.
      assertSequences(await waiting(bob), SHARE + 1);
      // The queue of another is another matter.
      await sent(greedy, other.id);
    });

    test('ten senders fill it, and the eleventh is told that the queue is full', async () => {
      const [bob, late] = await stage.accounts(2);
      assert.ok(bob !== undefined && late !== undefined);
      await fill(bob, await stage.accounts(10));
      for (let n = 0; n < 3; n += 1) assertFull(await late.send(message(bob.id)), 'queue');
      assertSequences(await waiting(bob), LIMIT);
      // One acknowledged is room for one.
      await bob.ack(given((await waiting(bob))[7]).id);
      const next = await sent(late, bob.id);
      assert.equal(next.sequence, LIMIT + 1);
      assertFull(await late.send(message(bob.id)), 'queue');
      await ackEverything(bob);
      assert.equal((await sent(late, bob.id)).sequence, LIMIT + 2);
    });

    test('a repeat is answered even then, and other content under its id is still a mismatch', async () => {
      const [bob, late, greedy] = await stage.accounts(3);
      assert.ok(bob !== undefined && late !== undefined && greedy !== undefined);
      const body = message(bob.id, { clientMessageId: randomUUID() });
      const first = assertOk(await greedy.send(body), Envelope);
      for (let n = 1; n < SHARE; n += 1) await sent(greedy, bob.id);
      assertFull(await greedy.send(message(bob.id)), 'sender');
      assert.deepEqual(assertOk(await greedy.send(body), Envelope), first);
      await fill(bob, await stage.accounts(9));
      assertFull(await late.send(message(bob.id)), 'queue');
      assert.deepEqual(assertOk(await greedy.send(body), Envelope), first);
      const mismatch = await greedy.send({ ...body, ciphertext: bytes(9) });
      assertRefused(mismatch, 422, 'idempotency_mismatch');
      const socket = await greedy.listen();
      const frame = await sendFrame(socket, 'again', body);
      assert.deepEqual(frame.data, first);
      assert.equal((await waiting(bob)).length, LIMIT);
    });

    test('an id that was refused is free: sent again when there is room, it is stored', async () => {
      const [bob, greedy] = await stage.accounts(2);
      assert.ok(bob !== undefined && greedy !== undefined);
      await fill(bob, [greedy]);
      const body = message(bob.id, { clientMessageId: randomUUID() });
      assertFull(await greedy.send(body), 'sender');
      await ackEverything(bob);
      // Other content under it is no mismatch either: nothing was half-stored.
      const envelope = assertOk(await greedy.send({ ...body, ciphertext: bytes(7) }), Envelope);
      assert.equal(envelope.sequence, SHARE + 1);
    });

    test('parallel sends pass neither the share nor the whole', async () => {
      const [bob, greedy] = await stage.accounts(2);
      assert.ok(bob !== undefined && greedy !== undefined);
      const ask = (person: E2eeWire) => person.send(message(bob.id));
      const alone = await Promise.all(Array.from({ length: 32 }, () => ask(greedy)));
      for (const answer of alone.filter(({ status }) => status !== 200)) assertFull(answer, 'sender');
      assert.equal(alone.filter(({ status }) => status === 200).length, SHARE);
      const crowd = await stage.accounts(12);
      const together = await Promise.all(
        crowd.flatMap((person) => Array.from({ length: 8 }, () => ask(person))),
      );
      for (const answer of together) {
        if (answer.status !== 200) assertRefused(answer, 507, 'queue_full');
      }
      assert.equal(together.filter(({ status }) => status === 200).length, LIMIT - SHARE);
      assertSequences(await waiting(bob), LIMIT);
    });

    test('over the socket it is an error frame with the scope, and the socket stays', async () => {
      const [bob, greedy] = await stage.accounts(2);
      assert.ok(bob !== undefined && greedy !== undefined);
      const socket = await greedy.listen();
      for (let n = 0; n < SHARE; n += 1) {
        assert.equal((await sendFrame(socket, n, message(bob.id))).type, 'e2ee.sent');
      }
      const frame = await sendFrame(socket, 'over', message(bob.id));
      assertErrorFrame(frame, 'queue_full', 'over');
      assert.equal(member(member(frame.data, 'details'), 'scope'), 'sender');
      await ackEverything(bob);
      assert.equal((await sendFrame(socket, 'room', message(bob.id))).type, 'e2ee.sent');
    });

    test('a distribution of which one item finds no room stores nothing anywhere', async () => {
      const [bob, greedy, other] = await stage.accounts(3);
      assert.ok(bob !== undefined && greedy !== undefined && other !== undefined);
      await fill(bob, [greedy]);
      const item = (to: E2eeWire) => ({ recipientId: to.id, ciphertext: bytes(24) });
      const distribute = (items: readonly E2eeItem[]) => greedy.distribute('g', items);
      const answer = await distribute([item(other), item(other), item(other), item(bob)]);
      assertFull(answer, 'sender');
      assert.match(String(member(answer.json.details, 'field')), /^items\.3\b/);
      assert.deepEqual(await waiting(other), []);
      // Six to one recipient are one too many, though each alone would fit.
      assertFull(await distribute(Array.from({ length: SHARE + 1 }, () => item(other))), 'sender');
      assert.deepEqual(await waiting(other), []);
      assert.deepEqual((await distribute(Array.from({ length: SHARE }, () => item(other)))).json, {
        sent: SHARE,
      });
      assertSequences(await waiting(other), SHARE);
    });

    test('a distribution repeated to full queues counts as sent', async () => {
      const [bob, carol, greedy] = await stage.accounts(3);
      assert.ok(bob !== undefined && carol !== undefined && greedy !== undefined);
      const items = Array.from({ length: SHARE * 2 }, (_, n) => ({
        recipientId: n % 2 === 0 ? bob.id : carol.id,
        ciphertext: bytes(24),
        clientMessageId: randomUUID(),
      }));
      for (let n = 0; n < 3; n += 1) {
        const answer: WireAnswer = await greedy.distribute('g', items);
        assert.deepEqual(answer.json, { sent: SHARE * 2 }, String(answer));
      }
      assertSequences(await waiting(bob), SHARE);
      assertSequences(await waiting(carol), SHARE);
    });

    test('envelopes that have expired wait no longer: a queue full of them takes new ones', async () => {
      const [bob, greedy] = await stage.accounts(2);
      assert.ok(bob !== undefined && greedy !== undefined);
      const expiresAt = new Date(Date.now() + 3_000).toISOString();
      for (let n = 0; n < SHARE; n += 1) await sent(greedy, bob.id, { expiresAt });
      await eventually('the queue is empty', async () => (await waiting(bob)).length === 0);
      const envelope = await eventuallySent(greedy, bob.id);
      assert.equal(envelope.sequence, SHARE + 1, 'no number comes again');
      assert.deepEqual(
        (await waiting(bob)).map(({ id }) => id),
        [envelope.id],
      );
    });
  },
  { env: { E2EE_LIMIT_QUEUE: String(LIMIT) } },
);

await onEveryStage(
  'a queue that is full by bytes',
  (stage) => {
    const SIZE = 4_000;
    const big = (to: E2eeWire) => message(to.id, { ciphertext: bytes(SIZE) });

    test('a sender fills a tenth of the bytes, whatever the count', async () => {
      const [bob, greedy, other] = await stage.accounts(3);
      assert.ok(bob !== undefined && greedy !== undefined && other !== undefined);
      for (let n = 0; n < 2; n += 1) {
        assert.equal((await greedy.send(big(bob))).status, 200);
      }
      for (let n = 0; n < 3; n += 1) assertFull(await greedy.send(big(bob)), 'sender');
      // What is small still fits.
      await sent(greedy, bob.id, { ciphertext: bytes(100) });
      assert.equal((await other.send(big(bob))).status, 200);
      const huge = await other.send(message(bob.id, { ciphertext: bytes(BYTES / 10 + 1) }));
      assertFull(huge, 'sender');
      assertSequences(await waiting(bob), 4);
      await ackEverything(bob);
      for (let n = 0; n < 2; n += 1) {
        assert.equal((await greedy.send(big(bob))).status, 200, 'room again');
      }
      assertFull(await greedy.send(big(bob)), 'sender');
    });

    test('many senders fill the bytes of the queue and no more', async () => {
      const bob = await stage.account();
      const answers = await Promise.all(
        (await stage.accounts(16)).flatMap((person) => [0, 1].map(() => person.send(big(bob)))),
      );
      for (const answer of answers.filter(({ status }) => status !== 200)) assertFull(answer, 'queue');
      const queue = await waiting(bob);
      assertSequences(queue, answers.filter(({ status }) => status === 200).length);
      assert.ok(queue.length * SIZE <= BYTES, `${queue.length} of ${SIZE} bytes`);
      assert.ok(queue.length * SIZE >= BYTES * 0.8, `only ${queue.length} of ${SIZE} bytes`);
      const late = await stage.account();
      assertFull(await late.send(big(bob)), 'queue');
      await ackEverything(bob);
      assert.equal((await late.send(big(bob))).status, 200, 'room again');
    });

    test('header, signature and meta cost what they weigh', async () => {
      const [bob, sly] = await stage.accounts(2);
      assert.ok(bob !== undefined && sly !== undefined);
      const weights = [
        { header: bytes(SIZE) },
        { signature: bytes(SIZE) },
        { meta: { m: 'x'.repeat(SIZE) } },
      ];
      for (const weight of weights) {
        const sender = await stage.account();
        let stored = 0;
        while ((await sender.send({ ...message(bob.id), ...weight })).status === 200) {
          stored += 1;
          assert.ok(stored * SIZE <= BYTES, `${Object.keys(weight)} costs nothing`);
        }
        assertFull(await sender.send({ ...message(bob.id), ...weight }), 'sender');
        await ackEverything(bob);
      }
    });
  },
  { env: { E2EE_LIMIT_QUEUE_BYTES: String(BYTES) } },
);

/** Sends until there is room. */
async function eventuallySent(person: E2eeWire, to: string): Promise<Envelope> {
  let envelope: Envelope | undefined;
  await eventually('room', async () => {
    const answer = await person.send(message(to));
    if (answer.status === 507) return false;
    envelope = assertOk(answer, Envelope);
    return true;
  });
  return given(envelope);
}
