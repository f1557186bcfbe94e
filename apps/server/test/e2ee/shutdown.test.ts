import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { before, test } from 'node:test';
import type { TestServer } from '@blindpost/testbed/server';
import type { E2eeWire } from '@blindpost/testbed/wire-e2ee';
import { waiting } from './answers.js';
import { assertKept, Countdown, writeOverHttp, writeOverSocket } from './load.js';
import { bytes } from './messages.js';
import { ackEverything, given, largeQueue, sent } from './people.js';
import { onEveryStage } from './stage.js';
import { stopReading } from './stuck.js';

/** The exit code, of a server that was told to end; null where it had to be killed. */
async function endOf(server: TestServer): Promise<number | null> {
  process.kill(server.pid, 'SIGTERM');
  return server.stop();
}

await onEveryStage(
  'SIGTERM',
  (stage) => {
    let senders: E2eeWire[];
    let recipients: E2eeWire[];
    before(async () => {
      senders = await stage.accounts(12);
      recipients = await stage.accounts(3);
    });

    test('amid sends it exits 0, sockets are closed with 1001, and what was answered is there', async () => {
      const old = stage.server;
      const [silent, attending] = [await given(recipients[0]).listen(), await given(recipients[1]).listen()];
      const count = new Countdown(200);
      const writing = senders.map((sender, n) =>
        n % 2 === 0
          ? writeOverHttp(sender, recipients, count, true)
          : writeOverSocket(sender, recipients, count, true),
      );
      const written = Promise.all(writing);
      await Promise.race([count.done, written]);
      // The last to come: who does not say who it is has two seconds.
      const unknown = await stage.stranger().open();
      const [deeds] = await Promise.all([written, stage.restart('stop')]);
      assert.equal(await old.exited, 0);
      for (const socket of [silent, attending, unknown]) assert.equal((await socket.closed()).code, 1001);
      senders = senders.map((wire) => stage.again(wire));
      recipients = recipients.map((wire) => stage.again(wire));
      for (const recipient of recipients) {
        const to = deeds.flat().filter((deed) => deed.to === recipient.id);
        assertKept(await waiting(recipient), 0, to);
        await ackEverything(recipient);
      }
    });

    test('neither an idle connection, nor half a request, nor half a frame, nor who never reads holds it up', async () => {
      const old = stage.server;
      const [alice, bob] = [given(senders[0]), given(recipients[0])];
      await alice.status();
      const half = connect(Number(new URL(stage.url).port), '127.0.0.1');
      half.on('error', () => {});
      await once(half, 'connect');
      half.write(
        `POST /api/e2ee/messages HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${alice.who.token}\r\n` +
          'content-type: application/json\r\ncontent-length: 100\r\n\r\n{',
      );
      const stuck = await stopReading(bob);
      for (let n = 0; n < 60; n += 1) await sent(alice, bob.id, { ciphertext: bytes(128 * 1024) });
      await stage.restart('stop');
      assert.equal(await old.exited, 0);
      half.destroy();
      stuck.end();
      [senders, recipients] = [senders, recipients].map((wires) =>
        wires.map((wire) => stage.again(wire)),
      ) as [E2eeWire[], E2eeWire[]];
      assert.equal((await largeQueue(given(recipients[0]))).length, 60);
      await ackEverything(given(recipients[0]));
    });

    test('a second SIGTERM while it drains changes nothing', async () => {
      const old = stage.server;
      const socket = await given(recipients[0]).listen();
      const stuck = await stopReading(given(recipients[1]));
      process.kill(old.pid, 'SIGTERM');
      assert.equal((await socket.closed()).code, 1001);
      assert.equal(await endOf(old), 0);
      stuck.end();
    });
  },
  { env: { E2EE_LIMIT_QUEUE: '0' } },
);
