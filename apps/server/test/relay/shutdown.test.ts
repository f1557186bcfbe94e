import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { makeIdentity } from '@blindpost/testbed/keys';
import type { TestServer } from '@blindpost/testbed/server';
import { eventually, onEveryStore } from './stage.js';
import { Reader, Stream } from './traffic.js';

/** Sends SIGTERM and answers the exit code; null when it is not gone after 10 s. */
async function terminate(server: TestServer): Promise<number | null> {
  process.kill(server.pid, 'SIGTERM');
  let guard: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    guard = setTimeout(() => resolve(null), 10_000);
  });
  try {
    return await Promise.race([server.exited, late]);
  } finally {
    clearTimeout(guard);
  }
}

await onEveryStore(
  'shutdown',
  (stage) => {
    test('SIGTERM under load exits 0 within 10 s, and every socket is closed 1001', async () => {
      const server = await stage.another();
      const client = stage.client(undefined, server.url);
      const recipient = makeIdentity();
      const live = await client.login(recipient);
      const senders = await Promise.all(Array.from({ length: 10 }, () => client.login(makeIdentity())));
      let done = false;
      const load = senders.map(async (sender, who) => {
        for (let n = 0; !done && sender.open; n += 1) {
          sender.send({ type: 'relay', to: recipient.hash, body: { who, n }, id: n });
          await sender.next(({ id }) => id === n).catch(() => {});
        }
      });
      await live.next('msg');
      const unauthenticated = await client.open();
      const code = await terminate(server);
      done = true;
      await Promise.all(load);
      assert.equal(code, 0);
      for (const socket of [live, unauthenticated, ...senders])
        assert.equal((await socket.closed()).code, 1001);
      await assert.rejects(client.get('/health'), 'nobody listens');
    });

    test('neither an idle connection, nor half a request, nor a silent reader holds it up', async () => {
      const server = await stage.another();
      const client = stage.client(undefined, server.url);
      await client.get('/health');
      const { port } = new URL(server.url);
      const half = connect(Number(port), '127.0.0.1', () => {
        half.write('POST /relay HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 100\r\n\r\n{');
      });
      const opened = new Promise<void>((resolve) => half.once('connect', () => resolve()));
      half.on('error', () => {});
      const identity = makeIdentity();
      const silent = await client.login(identity);
      silent.pause();
      for (let n = 0; n < 20; n += 1) await client.sendOnce(identity.hash, `${n}`.padEnd(50_000));
      await opened;
      assert.equal(await terminate(server), 0);
      silent.terminate();
      half.destroy();
    });

    test('a second SIGTERM while it drains changes nothing', async () => {
      const server = await stage.another();
      const client = stage.client(undefined, server.url);
      const [identity, witness] = [makeIdentity(), await client.login(makeIdentity())];
      // A reader that does not answer the close keeps the drain going for a while.
      const silent = await client.login(identity);
      silent.pause();
      process.kill(server.pid, 'SIGTERM');
      assert.equal((await witness.closed()).code, 1001);
      assert.equal(await terminate(server), 0);
      silent.terminate();
    });
  },
  { own: true },
);

await onEveryStore(
  'shutdown of one of several',
  (stage) => {
    test('its clients go on elsewhere, and no accepted message is lost', async () => {
      const [first, second] = await Promise.all([stage.another(), stage.another()]);
      const home = stage.client(undefined, first.url);
      const refuge = stage.client(undefined, second.url);
      const reader = new Reader();
      const socket = await reader.attend(home);
      const streams = ['a', 'b', 'c'].map((name) => new Stream(name, reader.identity.hash));
      let [client, done] = [home, false];
      const writing = streams.map(async (stream) => {
        while (!done) await stream.send(client, 5);
      });
      await Promise.all(streams.map((stream) => reached(stream, 20)));
      const code = await terminate(first);
      assert.equal((await socket.closed()).code, 1001);
      client = refuge;
      await reader.attend(refuge);
      await Promise.all(streams.map((stream) => reached(stream, stream.accepted.length + 20)));
      done = true;
      await Promise.all(writing);
      await reader.check(refuge, streams);
      assert.equal(code, 0);
    });
  },
  { stores: ['redis'], own: true },
);

function reached(stream: Stream, count: number): Promise<void> {
  return eventually(`${count} accepted`, () => stream.accepted.length >= count);
}
