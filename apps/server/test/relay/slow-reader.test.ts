import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeIdentity } from '@blindpost/testbed/keys';
import { residentBytes } from './memory.js';
import { onEveryStore } from './stage.js';

const MEBIBYTES = 1024 * 1024;

await onEveryStore(
  'slow reader',
  (stage) => {
    test('a reader that stops is cut off within a bounded buffer while others go on', async () => {
      const [stuck, reading] = [makeIdentity(), makeIdentity()];
      const silent = await stage.wire.login(stuck);
      const live = await stage.wire.login(reading);
      const sender = await stage.wire.login(makeIdentity());
      const before = residentBytes(stage.server.pid);
      silent.pause();
      const body = 'v'.repeat(60_000);
      let cutOffAfter = 0;
      for (let n = 1; cutOffAfter === 0 && n <= 2_000; n += 1) {
        // Volatile messages fill no mailbox: only the socket's own bound can stop them.
        sender.send({ type: 'volatile_relay', to: stuck.hash, body, id: n });
        const answer = await sender.next(({ id }) => id === n);
        if (answer.type === 'error') cutOffAfter = n;
        if (n % 50 === 0) {
          sender.send({ type: 'relay', to: reading.hash, body: n });
          const { id } = await live.next(({ payload }) => payload === n);
          live.send({ type: 'delivery_ack', ids: [id] });
        }
      }
      assert.ok(cutOffAfter > 0, 'cut off before 120 MB were taken for a reader that reads nothing');
      assert.ok(residentBytes(stage.server.pid) - before < 150 * MEBIBYTES);
      silent.resume();
      const { code } = await silent.closed();
      assert.ok([1013, 1006].includes(code), `${code}`);
      await live.settle();
      await stage.wire.login(stuck);
    });

    test('what was queued for it is there when it reads again', async () => {
      const identity = makeIdentity();
      const silent = await stage.wire.login(identity);
      silent.pause();
      for (let n = 0; n < 40; n += 1) {
        assert.equal(
          (await stage.client(`127.0.6.${n + 1}`).sendOnce(identity.hash, `${n}`.padEnd(50_000))).status,
          200,
        );
      }
      silent.terminate();
      const again = await stage.wire.login(identity);
      for (let n = 0; n < 40; n += 1) {
        assert.equal(String((await again.next('queued_message')).payload).trim(), `${n}`);
      }
    });

    test('a client that asks and never reads the answers costs a bounded buffer', async () => {
      const socket = await stage.wire.login(makeIdentity());
      const before = residentBytes(stage.server.pid);
      socket.pause();
      const dummy = JSON.stringify({ type: 'dummy_pacing' }).padEnd(60_000);
      for (let n = 0; n < 400 && socket.open; n += 1) {
        socket.sendRaw(dummy);
        if (n % 25 === 0) assert.equal((await stage.wire.get('/health')).status, 200);
      }
      assert.ok(residentBytes(stage.server.pid) - before < 100 * MEBIBYTES);
      // It is made to wait or cut off: either way the others never notice.
      socket.resume();
      await Promise.race([socket.settle(), socket.closed()]);
    });
  },
  { concurrency: 1, stores: ['memory'], own: true },
);
