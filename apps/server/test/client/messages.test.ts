import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Message, PresenceEvent, RelayClient } from '@blindpost/client/relay';
import { startServer, type TestServer } from '@blindpost/testbed/server';
import { People, until } from './people.js';

let server: TestServer;
const people = new People(() => server.url);

before(async () => {
  server = await startServer();
});
after(async () => {
  await people.leave();
  await server.stop();
});

/** The next `count` messages; all but the last are acknowledged. */
async function take(client: RelayClient, count: number): Promise<Message[]> {
  const taken: Message[] = [];
  for await (const message of client.messages()) {
    taken.push(message);
    if (taken.length === count) break;
  }
  return taken;
}

test('any JSON body arrives as it was sent, in order, and the sender learns where it is', async () => {
  const [anna, ben] = [await people.join(), await people.join()];
  const bodies = ['text', 0, false, '', [], {}, { a: [1, { b: null }] }, 'ünïcödé 😀', 'x'.repeat(60_000)];
  const sent = await Promise.all(bodies.map((body) => anna.client.send(ben.client.hash, body)));
  assert.deepEqual(
    sent.map(({ status }) => status),
    bodies.map(() => 'delivered'),
  );
  const received = await take(ben.client, bodies.length);
  assert.deepEqual(
    received.map(({ body }) => body),
    bodies,
  );
  assert.ok(received.every(({ type, sender }) => type === 'msg' && sender === undefined));
});

test('what was sent to an absent recipient waits, with its label and as bytes, and comes once', async () => {
  const anna = await people.join();
  const ben = people.make();
  const to = ben.client.hash;
  const bytes = crypto.getRandomValues(new Uint8Array(5000));
  const sent = await Promise.all([
    anna.client.send(to, 'plain'),
    anna.client.send(to, 'labelled', { type: 'typing' }),
    anna.client.sendBinary(to, bytes),
    anna.client.send(to, 'part', { fragment: { fragmentId: 'f', index: 0, total: 2 } }),
  ]);
  assert.deepEqual(
    sent.map(({ status }) => status),
    ['queued', 'queued', 'queued', 'queued'],
  );
  await anna.client.multicast([{ to, body: 'many' }]);
  await ben.client.connect();
  const received = await take(ben.client, 5);
  assert.deepEqual(
    received.map(({ type, body }) => ({ type, body })),
    [
      { type: 'msg', body: 'plain' },
      { type: 'typing', body: 'labelled' },
      { type: 'binary', body: bytes },
      { type: 'msg', body: { fragmentId: 'f', index: 0, total: 2, body: 'part' } },
      { type: 'sealed_message', body: 'many' },
    ],
  );
});

test('bytes of every length arrive as they were', async () => {
  const [anna, ben] = [await people.join(), await people.join()];
  const lengths = [1, 2, 1471, 1472, 1473, 1516, 1517, 65_472];
  const sent = lengths.map((length) => crypto.getRandomValues(new Uint8Array(length)));
  await Promise.all(sent.map((bytes) => anna.client.sendBinary(ben.client.hash, bytes)));
  const received = await take(ben.client, lengths.length);
  assert.deepEqual(
    received.map(({ body }) => body),
    sent,
  );
});

test('bytes beyond the largest frame, or to no identity hash, are refused before they leave', async () => {
  const { client } = await people.join();
  await assert.rejects(client.sendBinary(client.hash, new Uint8Array(65_473)), { code: 'too_large' });
  await assert.rejects(client.sendBinary('an.alias', new Uint8Array(1)), { code: 'ERR_MALFORMED' });
});

test('a refused send rejects with the code and touches no other', async () => {
  const [anna, ben] = [await people.join(), await people.join()];
  let deep: unknown = 1;
  for (let i = 0; i < 100; i++) deep = [deep];
  const outcomes = await Promise.allSettled([
    anna.client.send(ben.client.hash, 'before'),
    anna.client.send('no.such.alias', 1),
    anna.client.send(ben.client.hash, null),
    anna.client.send(ben.client.hash, deep),
    anna.client.sendBinary(ben.client.hash, new Uint8Array(0)),
    anna.client.send(ben.client.hash, 'after'),
  ]);
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'ok' : outcome.reason.code)),
    ['ok', 'ERR_NOT_FOUND', 'ERR_MALFORMED', 'ERR_MALFORMED', 'ERR_MALFORMED', 'ok'],
  );
  assert.deepEqual(
    (await take(ben.client, 2)).map(({ body }) => body),
    ['before', 'after'],
  );
});

test('a multicast answers one outcome per target', async () => {
  const [anna, ben] = [await people.join(), await people.join()];
  const [there, gone] = [ben.client.hash, people.make().client.hash];
  const results = await anna.client.multicast([
    { to: there, body: 1 },
    { to: gone, body: 2, msg_type: 'note' },
    { to: 'no.such.alias', body: 3 },
  ]);
  assert.deepEqual(results, [
    { to: there, status: 'delivered' },
    { to: gone, status: 'queued' },
    { to: 'no.such.alias', status: 'refused', error: 'ERR_NOT_FOUND' },
  ]);
  assert.equal((await take(ben.client, 1))[0]?.body, 1);
});

test('a volatile message reaches who is there, and nobody else', async () => {
  const [anna, ben] = [await people.join(), await people.join()];
  await anna.client.sendVolatile(ben.client.hash, 'now');
  const [message] = await take(ben.client, 1);
  assert.deepEqual({ body: message?.body, volatile: message?.volatile }, { body: 'now', volatile: true });
  await assert.rejects(anna.client.sendVolatile('f'.repeat(64), 'now'), { code: 'ERR_NOT_FOUND' });
  await assert.rejects(people.make().client.sendVolatile(ben.client.hash, 1), { code: 'disconnected' });
});

test('an alias leads to who subscribed it first; an identity hash only to who proves it', async () => {
  const [anna, ben, carl] = [await people.join(), await people.join(), await people.join()];
  await ben.client.subscribeAlias('mail.ben');
  await assert.rejects(carl.client.subscribeAlias('mail.ben'), { code: 'ERR_TAKEN' });
  await anna.client.send('mail.ben', 'by alias');
  const other = people.make();
  await carl.client.subscribeAlias(other.client.hash, other.identity);
  await anna.client.send(other.client.hash, 'by proof');
  assert.equal((await take(ben.client, 1))[0]?.body, 'by alias');
  assert.equal((await take(carl.client, 1))[0]?.body, 'by proof');
});

test('presence reaches whom it was allowed, until it is denied', async () => {
  const [atAnna, atBen]: [PresenceEvent[], PresenceEvent[]] = [[], []];
  const anna = await people.join({ onPresence: (event) => atAnna.push(event) });
  const ben = await people.join({ onPresence: (event) => atBen.push(event) });
  await ben.client.presence.subscribe(anna.client.hash);
  await until(() => atAnna.length > 0);
  assert.deepEqual(atAnna, [{ kind: 'request', from: ben.client.hash }]);
  await anna.client.presence.update('before');
  await anna.client.presence.allow(ben.client.hash);
  await anna.client.presence.update('here');
  await anna.client.presence.deny(ben.client.hash);
  await anna.client.presence.update('gone');
  await anna.client.presence.allow(ben.client.hash);
  await anna.client.presence.update('back', [ben.client.hash]);
  await until(() => atBen.length >= 2);
  assert.deepEqual(atBen, [
    { kind: 'update', from: anna.client.hash, status: 'here' },
    { kind: 'update', from: anna.client.hash, status: 'back' },
  ]);
});

test('a message is not acknowledged before its handler resolved, and comes again to the next client', async () => {
  const anna = await people.join();
  let arrived = false;
  const stuck = await people.join({
    onMessage: () => {
      arrived = true;
      return new Promise(() => {});
    },
  });
  await anna.client.send(stuck.client.hash, 'kept');
  await until(() => arrived);
  await stuck.client.close();
  const next = await people.join({ identity: stuck.identity });
  assert.equal((await take(next.client, 1))[0]?.body, 'kept');
});

test('closing acknowledges what was handled: it does not come again', async () => {
  const anna = await people.join();
  const handled: unknown[] = [];
  const first = await people.join({ onMessage: ({ body }) => void handled.push(body) });
  await Promise.all([1, 2, 3].map((body) => anna.client.send(first.client.hash, body)));
  await until(() => handled.length === 3);
  await first.client.close();
  const second = await people.join({ identity: first.identity });
  await anna.client.send(first.client.hash, 'last');
  assert.equal((await take(second.client, 1))[0]?.body, 'last');
});
