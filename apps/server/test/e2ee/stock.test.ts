/** Rule 4: the owner learns how many one-time prekeys are left, and when they run low. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyStatus } from '@blindpost/protocol/e2ee';
import { makeE2eeIdentity, makeE2eeUpload, makePreKeys } from '@blindpost/testbed/wire-bundle';
import { dataOf } from '@blindpost/testbed/wire-e2ee';
import { assertBundle, assertExactly, assertPublic, exactly, pushed, settle } from './answers.js';
import { message } from './messages.js';
import { ALL_STAGES, onEveryStage, type Stage } from './stage.js';

await onEveryStage(
  'rule 4, stock',
  (stage) => {
    /** An account with this many one-time prekeys, on a socket at each server. */
    const owner = async (keys: number, identity = makeE2eeIdentity()) => {
      const wire = await stage.account();
      assertBundle(await wire.upload(makeE2eeUpload(keys, {}, identity)));
      const sockets = await Promise.all(stage.everywhere(wire).map((each) => each.listen()));
      return { wire, sockets, identity };
    };

    test('fewer than 10 are low', async () => {
      const { wire } = await owner(11);
      const expected = [
        { oneTimePreKeys: 11, low: false },
        { oneTimePreKeys: 10, low: false },
        { oneTimePreKeys: 9, low: true },
      ];
      for (const [n, status] of expected.entries()) {
        if (n > 0) await take(stage, wire.id);
        for (const each of stage.everywhere(wire))
          assert.deepEqual(assertExactly(await each.status(), KeyStatus), status);
      }
    });

    test('every socket of the owner is told when they run low, and not before', async () => {
      const { wire, sockets } = await owner(12);
      for (let n = 0; n < 3; n += 1) await take(stage, wire.id);
      for (const socket of sockets) {
        const frame = await socket.next('e2ee.prekeys.low');
        assert.deepEqual(exactly(KeyStatus, dataOf(frame)), { oneTimePreKeys: 9, low: true });
      }
    });

    test('who fills up in time is told again when they run low again', async () => {
      const { wire, sockets, identity } = await owner(10);
      await take(stage, wire.id);
      for (const socket of sockets) await socket.next('e2ee.prekeys.low');
      const more = { oneTimePreKeys: makePreKeys(1, 500) };
      assert.equal(
        assertBundle(await wire.upload(makeE2eeUpload(0, more, identity))).oneTimePreKeysRemaining,
        10,
      );
      await take(stage, wire.id);
      for (const socket of sockets) {
        const frame = await socket.next('e2ee.prekeys.low');
        assert.deepEqual(dataOf(frame), { oneTimePreKeys: 9, low: true });
      }
    });

    test('nobody else is told', async () => {
      const { wire } = await owner(10);
      const other = await owner(50);
      const requester = await stage.account();
      const asking = await requester.listen();
      assertPublic(await requester.claim(wire.id));
      await requester.send(message(other.wire.id));
      for (const socket of other.sockets) {
        await pushed(socket);
        assert.deepEqual(socket.of('e2ee.prekeys.low'), []);
      }
      await settle(asking);
      assert.deepEqual(asking.of('e2ee.prekeys.low'), []);
    });
  },
  { stages: ALL_STAGES },
);

/** One key, taken by somebody new. */
async function take(stage: Stage, of: string): Promise<void> {
  const requester = await stage.account();
  assert.notEqual(assertPublic(await requester.claim(of)).oneTimePreKey, null);
}
