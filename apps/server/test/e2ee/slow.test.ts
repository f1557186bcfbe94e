/** Rule 12: who does not read costs a bounded buffer, loses the socket, and nothing of the queue. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { dataOf, type E2eeWire } from '@blindpost/testbed/wire-e2ee';
import type { WireSocket } from '@blindpost/testbed/wire-socket';
import { residentBytes } from '../relay/memory.js';
import { pushed, settle } from './answers.js';
import { bytes, message } from './messages.js';
import { ackEverything, given, largeQueue, sent } from './people.js';
import { onEveryStage, SCALE } from './stage.js';
import { startFreezingProxy, stopReading } from './stuck.js';

const MEBIBYTE = 1024 * 1024;
const PIECE = 192 * 1024;
/** What is written to who does not read, and by how much the server may grow meanwhile. */
const FLOOD = (SCALE === 1 ? 200 : 112) * MEBIBYTE;
// A server that kept what it writes, as text in Base64 and as bytes, would grow by nearly three times as much. The
// database's own caches grow too, on SQLite by as much as is written.
const GROWTH = 1.65 * FLOOD;
/** Sends of 64 KiB whose answers, as large, nobody reads: many times what the server and the kernel hold. */
const QUESTIONS = SCALE === 1 ? 1_000 : 400;
const UNLIMITED = { E2EE_LIMIT_QUEUE: '0', E2EE_LIMIT_QUEUE_BYTES: '0' };

/** Writes so many bytes to the account, by several senders at once; `meanwhile` runs between them. */
async function flood(
  senders: readonly E2eeWire[],
  to: string,
  total: number,
  meanwhile?: () => Promise<void>,
) {
  let left = Math.ceil(total / PIECE);
  const count = left;
  const ciphertext = bytes(PIECE);
  await Promise.all(
    senders.map(async (sender) => {
      while (left > 0) {
        left -= 1;
        await sent(sender, to, { ciphertext });
        if (left % 50 === 0) await meanwhile?.();
      }
    }),
  );
  return count;
}

/** Reads the queue over a socket to its end, acknowledging as it goes; answers the sequences. */
async function drain(reader: E2eeWire, count: number): Promise<number[]> {
  const socket = await reader.attend();
  const sequences: number[] = [];
  while (sequences.length < count) {
    const sequence = Number(dataOf(await socket.next('e2ee.envelope')).sequence);
    sequences.push(sequence);
    // Hundreds of megabytes are not to be kept here either.
    socket.frames.length = 0;
    if (sequences.length % 20 === 0) socket.send({ type: 'e2ee.ack', data: { upTo: sequence } });
  }
  await socket.close();
  return sequences;
}

await onEveryStage(
  'rule 12, slow sockets',
  (stage) => {
    test(`${FLOOD / MEBIBYTE} MiB to a socket that never reads: bounded, ended, and all of it still there`, async () => {
      const senders = await stage.accounts(6);
      const [bob, carol] = [await stage.account(), await stage.account()];
      const witness = await carol.listen();
      // Bodies of this size leave garbage that is collected now and then, whoever they are for.
      await flood(senders, (await stage.account()).id, FLOOD / 2);
      const stuck = await stopReading(bob);
      const before = residentBytes(stage.server.pid);
      let highest = before;
      const count = await flood(senders, bob.id, FLOOD, async () => {
        highest = Math.max(highest, residentBytes(stage.server.pid));
        // Another pair goes on.
        const { id } = await sent(given(senders[0]), carol.id);
        await witness.next((frame) => frame.type === 'e2ee.envelope' && dataOf(frame).id === id);
      });
      highest = Math.max(highest, residentBytes(stage.server.pid));
      assert.ok(highest - before < GROWTH, `grew by ${Math.round((highest - before) / MEBIBYTE)} MiB`);
      await stuck.dropped();
      await stuck.ended();
      const sequences = await drain(bob, count);
      assert.deepEqual(
        sequences,
        Array.from({ length: count }, (_, n) => n + 1),
        'everything, once, in order',
      );
      await ackEverything(bob);
    });

    test('it is ended while it still does not read, and the other sockets of the device hear everything', async () => {
      const [alice, bob] = [await stage.account(), await stage.account()];
      const [stuck, reading] = [await stopReading(bob), await bob.listen()];
      const count = Math.ceil((48 * MEBIBYTE) / PIECE);
      const ciphertext = bytes(PIECE);
      for (let n = 1; n <= count; n += 1) {
        await sent(alice, bob.id, { ciphertext });
        assert.equal((await pushed(reading)).sequence, n);
        reading.frames.length = 0;
      }
      await stuck.dropped();
      // What the server says at the end reaches whom it can.
      const code = await stuck.ended();
      assert.ok(code === null || code === 1013, `${code}`);
      await settle(reading);
      assert.equal(reading.open, true);
      await ackEverything(bob);
    });

    test('a backlog larger than any buffer, asked for by a socket that never reads, is bounded as well', async () => {
      const senders = await stage.accounts(4);
      const bob = await stage.account();
      const count = await flood(senders, bob.id, FLOOD / 2);
      const before = residentBytes(stage.server.pid);
      const stuck = await Promise.all(Array.from({ length: 6 }, () => stopReading(bob)));
      // Every socket has been served what it takes by the time that this one has read it all.
      const sequences = await drain(bob, count);
      assert.equal(sequences.length, count);
      const growth = residentBytes(stage.server.pid) - before;
      assert.ok(growth < GROWTH, `grew by ${Math.round(growth / MEBIBYTE)} MiB`);
      for (const each of stuck) each.end();
      await ackEverything(bob);
    });

    test('who asks and never reads the answers is made to wait or cut off', async () => {
      const [alice, bob] = [await stage.account(), await stage.account()];
      const socket = await alice.listen();
      const before = residentBytes(stage.server.pid);
      socket.pause();
      const ciphertext = bytes(64 * 1024);
      for (let ref = 0; ref < QUESTIONS && socket.open; ref += 1) {
        socket.send({ type: 'e2ee.send', ref, data: message(bob.id, { ciphertext }) });
        if (ref % 50 === 0) assert.equal((await bob.status()).status, 200);
      }
      const growth = residentBytes(stage.server.pid) - before;
      assert.ok(growth < GROWTH, `grew by ${Math.round(growth / MEBIBYTE)} MiB`);
      socket.resume();
      await settle(socket).catch(() => socket.closed());
      // Whatever was answered is there, in whatever way it ended.
      const queue = new Set((await largeQueue(bob)).map(({ id }) => id));
      for (const frame of socket.of('e2ee.sent')) assert.ok(queue.has(String(dataOf(frame).id)));
      await ackEverything(bob);
    });

    test('a page of the largest envelopes does not make the server large', async () => {
      const [alice, bob] = [await stage.account(), await stage.account()];
      await flood([alice], bob.id, 40 * MEBIBYTE);
      const before = residentBytes(stage.server.pid);
      for (let n = 0; n < 8; n += 1) {
        const pages = await Promise.all([0, 1].map(() => bob.pending({ take: 500 })));
        for (const page of pages) assert.equal(page.status, 200);
      }
      const growth = residentBytes(stage.server.pid) - before;
      // Two pages at a time, of 40 MiB as bytes and as text, are not more than this.
      assert.ok(growth < 4 * GROWTH, `grew by ${Math.round(growth / MEBIBYTE)} MiB`);
      await ackEverything(bob);
    });
  },
  // What waits in memory is the session's, whatever stores the queue: the second database is for the long run.
  { env: UNLIMITED, stages: SCALE === 1 ? ['sqlite', 'postgres'] : ['sqlite'] },
);

await onEveryStage(
  'half-dead sockets',
  (stage) => {
    test('a peer that vanished without a word stops nobody else’s delivery', async () => {
      const proxy = await startFreezingProxy(stage.url);
      after(() => proxy.stop());
      const [alice, bob] = [await stage.account(), await stage.account()];
      const gone = await stage.client(bob.who, {}, proxy.url).listen();
      const live: WireSocket[] = [await bob.listen(), await bob.listen()];
      proxy.freeze();
      for (let n = 1; n <= 200; n += 1) {
        const { id } = await sent(alice, bob.id, { ciphertext: bytes(48 * 1024) });
        for (const socket of live) assert.equal((await pushed(socket)).id, id);
      }
      // What the dead one never got is not lost by its not having come.
      assert.equal((await largeQueue(bob)).length, 200);
      gone.terminate();
      await ackEverything(bob);
    });

    test('a crowd of them does not stop it either', async () => {
      const proxy = await startFreezingProxy(stage.url);
      after(() => proxy.stop());
      const [alice, bob] = [await stage.account(), await stage.account()];
      const dead = await Promise.all(
        Array.from({ length: 30 }, () => stage.client(bob.who, {}, proxy.url).listen()),
      );
      const live = await bob.listen();
      proxy.freeze();
      const before = residentBytes(stage.server.pid);
      for (let n = 1; n <= 60; n += 1) {
        const { id } = await sent(alice, bob.id, { ciphertext: bytes(96 * 1024) });
        assert.equal((await pushed(live)).id, id);
      }
      const growth = residentBytes(stage.server.pid) - before;
      // 30 sockets of 60 envelopes are 230 MiB of text.
      assert.ok(growth < GROWTH, `grew by ${Math.round(growth / MEBIBYTE)} MiB`);
      for (const socket of dead) socket.terminate();
      await ackEverything(bob);
    });
  },
  { stages: ['sqlite'], own: true },
);
