import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Identity, RelayHttp } from '@blindpost/client/relay';
import { freePort } from '@blindpost/testbed/ports';
import { type RecordingProxy, startProxy } from '@blindpost/testbed/proxy';
import { type ServerOptions, startServer, type TestServer } from '@blindpost/testbed/server';
import { People, until } from './people.js';

const SCALE = Number(process.env.TEST_SCALE ?? 0.05);

const servers: TestServer[] = [];
const proxies: RecordingProxy[] = [];
/** For the tests that neither end nor limit it. */
let shared: TestServer;
const people = new People(() => shared.url);

before(async () => {
  shared = await serve();
});
after(async () => {
  await people.leave();
  await Promise.all(proxies.map((proxy) => proxy.stop()));
  await Promise.all(servers.map((server) => server.stop()));
});

async function serve(env: ServerOptions['env'] = {}): Promise<TestServer> {
  const server = await startServer({ env });
  servers.push(server);
  return server;
}

async function proxyOf(server: TestServer): Promise<{ proxy: RecordingProxy; url: string }> {
  const proxy = await startProxy(new URL(server.url).host);
  proxies.push(proxy);
  return { proxy, url: `http://127.0.0.1:${proxy.port}` };
}

/** Messages that wait in all mailboxes of a server. */
async function queuedAt({ url }: TestServer): Promise<number> {
  const stats: { queued_messages: number } = JSON.parse(await (await fetch(`${url}/stats`)).text());
  return stats.queued_messages;
}

/** Text frames the client sent on the connections that were upgraded, parsed. */
function framesTo(proxy: RecordingProxy): { type: string; [member: string]: unknown }[] {
  return proxy.recordings.flatMap(({ toServer }) =>
    toServer.frames.filter(({ opcode }) => opcode === 1).map(({ payload }) => JSON.parse(payload.toString())),
  );
}

test('a receiver cut off again and again loses nothing, and its handler gets each message once', async () => {
  const { proxy, url } = await proxyOf(shared);
  const received: unknown[] = [];
  const ben = await people.join({ url, onMessage: ({ body }) => void received.push(body) });
  const anna = await people.join();
  const bodies = Array.from({ length: Math.ceil(2000 * SCALE) }, (_, n) => n);
  const held = await queuedAt(shared);
  for (let at = 0; at < bodies.length; at += 25) {
    const sent = bodies.slice(at, at + 25).map((body) => anna.client.send(ben.client.hash, body));
    await sent[at % 25];
    proxy.cut();
    await Promise.all(sent);
    // One sender may hold 100 messages of a mailbox; what a cut kept from being acknowledged counts, too.
    while ((await queuedAt(shared)) > held + 50) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await until(() => received.length >= bodies.length);
  assert.deepEqual(received, bodies);
});

test('a sender cut off again and again sends the unanswered again: all arrives, first arrivals in order', async () => {
  const { proxy, url } = await proxyOf(shared);
  const received: unknown[] = [];
  const ben = await people.join({ onMessage: ({ body }) => void received.push(body) });
  const anna = await people.join({ url });
  const bodies = Array.from({ length: Math.ceil(2000 * SCALE) }, (_, n) => n);
  for (let at = 0; at < bodies.length; at += 25) {
    const sent = bodies.slice(at, at + 25).map((body) => anna.client.send(ben.client.hash, body));
    await sent[0];
    proxy.cut();
    await sent[10];
  }
  await until(() => new Set(received).size === bodies.length);
  assert.deepEqual([...new Set(received)], bodies);
});

test('the first login is signed, the next goes by token, and one the server forgot by work again', async () => {
  const port = String(await freePort());
  const first = await serve({ PORT: port });
  const { proxy, url } = await proxyOf(first);
  const anna = await people.join({ url });
  proxy.cut();
  await until(() => anna.states.filter((state) => state === 'open').length === 2);
  await first.kill();
  // A new process on memory knows neither the token nor the identity.
  await serve({ PORT: port });
  await until(() => anna.states.filter((state) => state === 'open').length === 3);
  const logins = framesTo(proxy).filter(({ type }) => type === 'auth');
  const kinds = logins.map(({ session_token, signature }) =>
    session_token ? 'token' : signature && 'signed',
  );
  assert.deepEqual(kinds, ['signed', 'token', 'token', 'signed']);
});

test('what is sent while the server is away is delivered when it is back', async () => {
  const { proxy, url } = await proxyOf(shared);
  const received: unknown[] = [];
  const anna = await people.join({ url, onMessage: ({ body }) => void received.push(body) });
  proxy.refuse();
  await until(() => anna.client.state === 'waiting');
  const sent = [1, 2, 3].map((body) => anna.client.send(anna.client.hash, body));
  await until(() => anna.errors.some(({ code }) => code === 'unreachable'));
  proxy.allow();
  await Promise.all(sent);
  await until(() => received.length === 3);
  assert.deepEqual(received, [1, 2, 3]);
});

test('when one address fails the next is used', async () => {
  const [first, second] = [await serve(), await serve()];
  const anna = await people.join({ urls: [first.url, second.url] });
  const ben = await people.join({ url: second.url });
  assert.equal((await anna.client.send(ben.client.hash, 'nobody here')).status, 'queued');
  assert.equal(await first.stop(), 0);
  assert.equal((await anna.client.send(ben.client.hash, 'here')).status, 'delivered');
  assert.equal((await ben.client.messages().next()).value?.body, 'here');
  const dead = new RelayHttp({ urls: [first.url, second.url], identity: Identity.create() });
  assert.equal(await dead.lookupNickname('nobody'), null);
});

test('a client that a newer one replaces stops, and does not fight', async () => {
  const older = await people.join();
  const messages = older.client.messages();
  const pending = messages.next();
  const newer = await people.join({ identity: older.identity });
  assert.equal((await pending).done, true);
  await assert.rejects(older.client.send(older.client.hash, 1), { code: 'replaced' });
  await newer.client.send(newer.client.hash, 'mine');
  assert.equal((await newer.client.messages().next()).value?.body, 'mine');
  await until(() => older.states.includes('replaced'));
  assert.deepEqual(older.states, ['connecting', 'open', 'replaced']);
  assert.deepEqual(newer.states, ['connecting', 'open']);
});

test('a client that holds itself below the limit is neither refused nor jailed', async () => {
  const server = await serve({ RELAY_LIMIT_FRAMES: '20', RELAY_LIMIT_JAIL: '1' });
  const anna = await people.join({ url: server.url, rate: { burst: 15, perSecond: 1.8 } });
  await Promise.all(Array.from({ length: 18 }, (_, n) => anna.client.send('f'.repeat(64), n)));
  assert.deepEqual(anna.states, ['connecting', 'open']);
});

test('closing rejects what is unanswered, and what comes after', async () => {
  const { proxy, url } = await proxyOf(shared);
  const anna = await people.join({ url });
  proxy.refuse();
  const pending = assert.rejects(anna.client.send(anna.client.hash, 1), { code: 'closed' });
  await anna.client.close();
  await pending;
  assert.equal(anna.client.state, 'closed');
  await assert.rejects(anna.client.send(anna.client.hash, 1), { code: 'closed' });
  await assert.rejects(anna.client.connect(), { code: 'closed' });
});

test('a client closed before it ever connected is closed', async () => {
  const { client, states } = people.make({ url: 'http://127.0.0.1:9' });
  const connecting = assert.rejects(client.connect(), { code: 'closed' });
  await until(() => states.includes('waiting'));
  await client.close();
  await connecting;
  const never = people.make({ url: 'http://127.0.0.1:9' });
  await never.client.close();
  assert.equal(never.client.state, 'closed');
});

test('a first login refused for good is not tried again', async () => {
  const { port } = new URL(shared.url);
  // Leads to the server, but is no host it answers for.
  const { client } = people.make({ url: `http://0.0.0.0:${port}` });
  await assert.rejects(client.connect(), { code: 'misdirected' });
  assert.equal(client.state, 'closed');
});

test('dummies go on after the last real frame and are answered', async () => {
  const { proxy, url } = await proxyOf(shared);
  const anna = await people.join({ url, pacing: true });
  await anna.client.send(anna.client.hash, 1);
  await until(() => framesTo(proxy).filter(({ type }) => type === 'dummy_pacing').length >= 2);
});
