/** Two servers on one PostgreSQL are one server to everybody. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeE2eeUpload } from '@blindpost/testbed/wire-bundle';
import type { E2eeWire } from '@blindpost/testbed/wire-e2ee';
import {
  assertAcked,
  assertBundle,
  assertPublic,
  assertSent,
  pushed,
  pushedSequences,
  stock,
  waiting,
} from './answers.js';
import { items, message, messages } from './messages.js';
import { onEveryStage, pick, SCALE, type Stage } from './stage.js';

const CROSSINGS = Math.max(10, Math.round(200 * SCALE));

/** The account at the first and at the second server. */
function both(stage: Stage, wire: E2eeWire): [E2eeWire, E2eeWire] {
  const [here, there] = stage.everywhere(wire);
  assert.ok(here !== undefined && there !== undefined);
  return [here, there];
}

await onEveryStage(
  'two servers',
  (stage) => {
    test('a token, a bundle and a queue are the same at both', async () => {
      const [here, there] = both(stage, await stage.account());
      const upload = makeE2eeUpload(4);
      assertBundle(await here.upload(upload));
      assert.deepEqual(assertPublic(await there.me()), assertPublic(await here.me()));
      const again = assertBundle(await there.upload(upload));
      assert.deepEqual([again.oneTimePreKeysStored, again.oneTimePreKeysRemaining], [0, 4]);
      const sender = await stage.account();
      assertSent(await sender.send(message(here.id)));
      assert.deepEqual(await waiting(here), await waiting(there));
      assertAcked(await there.ackAll({ upTo: 1 }), 1);
      assert.deepEqual(await waiting(here), []);
      assert.equal(await stock(there), 4);
    });

    test(`${CROSSINGS} pushes cross, from either to either, over HTTP, sockets and distributions`, async () => {
      const [recipient, sender] = [await stage.account(), await stage.account()];
      const sockets = await Promise.all(stage.everywhere(recipient).map((wire) => wire.listen()));
      const senders = both(stage, sender);
      const sending = await Promise.all(senders.map((wire) => wire.listen()));
      for (let n = 1; n <= CROSSINGS; n += 1) {
        const wire = pick(senders, n);
        if (n % 3 === 0) assert.equal((await wire.distribute('room', items(recipient.id, 1))).json.sent, 1);
        else if (n % 3 === 1) assertSent(await wire.send(message(recipient.id)));
        else pick(sending, n).send({ type: 'e2ee.send', data: message(recipient.id) });
        for (const socket of sockets) assert.equal((await pushed(socket)).sequence, n);
      }
    });

    test('a crossing in a storm loses nothing and keeps the order', async () => {
      const recipient = await stage.account();
      const senders = await stage.accounts(20);
      const sockets = await Promise.all(stage.everywhere(recipient).map((wire) => wire.listen()));
      const answers = await Promise.all(senders.map((sender) => sender.sendAll(messages(recipient.id, 10))));
      assert.equal(answers.flat().map(assertSent).length, 200);
      for (const socket of sockets) {
        for (let n = 1; n <= 200; n += 1) assert.equal((await pushed(socket)).sequence, n);
      }
    });

    test('a kill of one leaves the other at work, with all that was answered', async () => {
      const [recipient, sender] = [await stage.account(), await stage.account()];
      const [, there] = both(stage, recipient);
      const [from, other] = both(stage, sender);
      const socket = await there.listen();
      assertSent(await from.send(message(recipient.id)));
      await pushed(socket);
      await stage.server.kill();
      assertSent(await other.send(message(recipient.id)));
      assert.equal((await pushed(socket)).sequence, 2);
      assert.equal((await waiting(there)).length, 2);
      await stage.restart('kill');
      const back = await stage.again(recipient).listen();
      assert.deepEqual(pushedSequences(back), [1, 2]);
      assertSent(await other.send(message(recipient.id)));
      assertSent(await stage.again(sender).send(message(recipient.id)));
      for (const each of [back, socket]) {
        for (const sequence of [3, 4]) {
          await each.next(({ data }) => Reflect.get(Object(data), 'sequence') === sequence);
        }
      }
    });
  },
  { stages: ['two servers'], own: true },
);
