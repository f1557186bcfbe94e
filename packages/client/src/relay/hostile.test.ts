/** What no honest relay does, so no real one can be made to: a stand-in speaks just enough to misbehave. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { type WebSocket, WebSocketServer } from 'ws';
import { RelayClient } from './client.js';
import { RelayError } from './errors.js';
import { Identity } from './identity.js';
import type { Message } from './message.js';
import type { PresenceEvent } from './presence.js';
import { RelayHttp } from './rest.js';

type Frame = Record<string, unknown>;

const CHALLENGE = { seed: 'ab'.repeat(32), difficulty: 0, unit: 'bits', expires_at_ms: 0 };

class StandIn {
  readonly #http = createServer((request, response) => {
    request.resume();
    response.writeHead(this.status, this.headers);
    response.end(this.body);
  });
  readonly #sockets = new WebSocketServer({ noServer: true });
  /** Of every answer over HTTP. */
  status = 200;
  headers: Record<string, string> = {};
  body = JSON.stringify(CHALLENGE);
  /** Status line and headers that refuse the next upgrade. */
  refusal: string | undefined;
  /** When each upgrade was asked for, by a clock that never steps back. */
  readonly upgrades: number[] = [];
  /** Taken after login. */
  readonly frames: Frame[] = [];
  /** Whom it welcomes instead of who logged in. */
  welcome: string | undefined;
  url = '';
  logins = 0;
  onFrame: (frame: Frame) => void = () => {};

  async start(): Promise<void> {
    this.#http.on('upgrade', (request, stream, head) => {
      this.upgrades.push(performance.now());
      if (this.refusal === undefined) {
        this.#sockets.handleUpgrade(request, stream, head, (socket) => this.#serve(socket));
      } else {
        stream.end(this.refusal);
        this.refusal = undefined;
      }
    });
    await once(this.#http.listen(0, '127.0.0.1'), 'listening');
    const address = this.#http.address();
    assert.ok(address !== null && typeof address === 'object');
    this.url = `http://127.0.0.1:${address.port}`;
  }

  get socket(): WebSocket {
    const [socket] = this.#sockets.clients;
    assert.ok(socket !== undefined);
    return socket;
  }

  say(frame: unknown): void {
    this.socket.send(JSON.stringify(frame));
  }

  stop(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#http.close();
    this.#http.closeAllConnections();
  }

  #serve(socket: WebSocket): void {
    socket.on('message', (data) => {
      const frame: Frame = JSON.parse(String(data));
      if (frame.type !== 'auth') {
        this.frames.push(frame);
        this.onFrame(frame);
        return;
      }
      this.logins += 1;
      const identity_hash = this.welcome ?? frame.identity_hash;
      const session_token = 'cd'.repeat(32);
      const success = {
        type: 'auth_success',
        identity_hash,
        session_token,
        expires_at_ms: 0,
        keys_missing: true,
      };
      socket.send(JSON.stringify(success));
    });
  }
}

const cleanUp: (() => unknown)[] = [];
after(() => Promise.all(cleanUp.map((end) => end())));

async function standIn(): Promise<StandIn> {
  const server = new StandIn();
  await server.start();
  cleanUp.push(() => server.stop());
  return server;
}

function clientOf(server: StandIn) {
  const errors: RelayError[] = [];
  const messages: Message[] = [];
  const presence: PresenceEvent[] = [];
  const client = new RelayClient({
    url: server.url,
    identity: Identity.create(),
    onError: (error) => errors.push(error),
    onMessage: (message) => void messages.push(message),
    onPresence: (event) => presence.push(event),
  });
  cleanUp.push(() => client.close());
  return { client, errors, messages, presence };
}

/** Waits for something that must come; the runner's limit ends it when it does not. */
async function until(there: () => boolean): Promise<void> {
  while (!there()) await new Promise((resolve) => setTimeout(resolve, 2));
}

test('no frame of a server brings the client down, and only what is well formed gets through', async () => {
  const server = await standIn();
  const { client, errors, messages, presence } = clientOf(server);
  await client.connect();
  const pending = client.send('f'.repeat(64), 'unanswered').catch((error: unknown) => error);
  const types = fc.constantFrom(
    'auth_success',
    'msg',
    'queued_message',
    'delivery_status',
    'relay_success',
    'alias_subscribed',
    'presence_ok',
    'presence_request',
    'presence_update',
    'pong',
    'error',
    '__proto__',
    'constructor',
  );
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom('0'.repeat(32), 'f'.repeat(64), -1, 2, 1e308));
  const members = ['id', 'payload', 'status', 'results', 'target', 'from', 'error', 'message', 'details'];
  const frame = fc.record(
    { type: fc.oneof(types, fc.jsonValue()), ...Object.fromEntries(members.map((name) => [name, value])) },
    { requiredKeys: [] },
  );
  const data = fc.oneof(
    frame.map((it) => JSON.stringify(it)),
    fc.jsonValue().map((it) => JSON.stringify(it)),
    fc.string(),
    fc.uint8Array({ maxLength: 64 }),
  );
  for (const sample of fc.sample(data, 2000)) server.socket.send(sample);
  server.say({ type: 'presence_request', from: 'f'.repeat(64) });
  server.say({ type: 'presence_update', from: 'f'.repeat(64), status: 'here' });
  server.say({ type: 'msg', id: 'e'.repeat(32), payload: 'still here' });
  await until(() => messages.some(({ body }) => body === 'still here'));
  assert.equal(client.state, 'open');
  assert.ok(messages.every(({ id }) => /^[0-9a-f]{32}$/.test(id)));
  assert.ok(presence.length >= 2 && presence.every(({ from }) => /^[0-9a-f]{64}$/.test(from)));
  assert.ok(errors.length > 0 && errors.every((error) => error instanceof RelayError));
  await client.close();
  await pending;
});

test('a challenge that would cost hours is refused, and so is one that is none', async () => {
  const server = await standIn();
  const relay = new RelayHttp({ url: server.url, identity: Identity.create() });
  const bad = [
    { ...CHALLENGE, difficulty: 41 },
    { ...CHALLENGE, difficulty: 11, unit: 'hex' },
    { ...CHALLENGE, difficulty: -1 },
    { ...CHALLENGE, difficulty: 0.5 },
    { ...CHALLENGE, unit: 'octal' },
    { ...CHALLENGE, seed: 'AB'.repeat(32) },
    [],
    null,
  ];
  for (const challenge of bad) {
    server.body = JSON.stringify(challenge);
    await assert.rejects(relay.sendOnce('f'.repeat(64), 1), { code: 'bad_answer' }, server.body);
  }
});

test('an answer without end is not read to its end', async () => {
  const server = await standIn();
  server.body = ' '.repeat(8 * 1024 * 1024);
  const relay = new RelayHttp({ url: server.url, identity: Identity.create() });
  await assert.rejects(relay.lookupNickname('someone'), { code: 'bad_answer' });
});

test('keys that do not hash to the name asked for are refused', async () => {
  const server = await standIn();
  const [asked, other] = [Identity.create(), Identity.create()];
  const key = { id: 1, publicKey: 'k', signature: 's', pq_publicKey: 'p', pq_signature: 's' };
  const bundle = { pq_identityKey: 'p', signedPreKey: key, bundle_signature: 's', preKey: null };
  const relay = new RelayHttp({ url: server.url, identity: Identity.create() });
  const forged = { ...bundle, identity_hash: asked.hash, identityKey: other.publicKey };
  server.body = JSON.stringify({ [asked.hash]: forged });
  await assert.rejects(relay.fetchKeys([asked.hash]), { code: 'bad_answer' });
  const right = { ...forged, identityKey: asked.publicKey };
  server.body = JSON.stringify({ [asked.hash]: right });
  assert.deepEqual(await relay.fetchKeys([asked.hash]), new Map([[asked.hash, right]]));
});

test('a refused request carries the code, the details and the time to wait', async () => {
  const server = await standIn();
  server.status = 429;
  server.headers = { 'retry-after': '7' };
  server.body = JSON.stringify({ error: 'ERR_RATE_LIMIT', message: 'slow down', details: { field: 'x' } });
  const relay = new RelayHttp({ url: server.url, identity: Identity.create() });
  await assert.rejects(relay.lookupNickname('someone'), {
    code: 'ERR_RATE_LIMIT',
    message: 'slow down',
    details: { field: 'x', retryAfter: 7 },
    retryAfterMs: 7000,
  });
});

test('a welcome to somebody else is no login', async () => {
  const server = await standIn();
  server.welcome = Identity.create().hash;
  const { client } = clientOf(server);
  const connecting = client.connect();
  await until(() => server.logins > 0);
  server.say({ type: 'msg', id: 'e'.repeat(32), payload: 1 });
  server.welcome = undefined;
  server.socket.terminate();
  await connecting;
  assert.equal(server.logins, 2);
});

test('a refused upgrade is tried again no earlier than its Retry-After', async () => {
  const server = await standIn();
  server.refusal =
    'HTTP/1.1 429 Too Many\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';
  const { client } = clientOf(server);
  await client.connect();
  const [first = 0, second = 0] = server.upgrades;
  assert.ok(second - first >= 999, `${second - first} ms`);
});

test('a socket closed as jailed is opened again no earlier than the error before it says', async () => {
  const server = await standIn();
  const { client } = clientOf(server);
  await client.connect();
  server.say({ type: 'error', error: 'ERR_RATE_LIMIT', message: '', details: { retryAfter: 1 } });
  server.socket.close(1008, 'jailed');
  await until(() => client.state === 'waiting');
  await until(() => client.state === 'open');
  const [first = 0, second = 0] = server.upgrades;
  assert.ok(second - first >= 999, `${second - first} ms`);
});

test('thrown out by a login of its own that was lost, it comes back; thrown out again, it stays away', async () => {
  const server = await standIn();
  const { client } = clientOf(server);
  await client.connect();
  server.socket.terminate();
  await until(() => server.logins === 2 && client.state === 'open');
  server.socket.close(1008, 'replaced');
  await until(() => server.logins === 3 && client.state === 'open');
  server.socket.close(1008, 'replaced');
  await until(() => client.state === 'replaced');
  assert.equal(server.logins, 3);
});

test('every text frame of the client is padded, and compression is not offered', async () => {
  const server = await standIn();
  const sizes: number[] = [];
  const { client } = clientOf(server);
  await client.connect();
  server.socket.on('message', (data, isBinary) => {
    if (!isBinary) sizes.push(Buffer.byteLength(String(data)));
  });
  server.onFrame = ({ type, id, to }) => {
    if (type === 'presence_allow') server.say({ type: 'presence_ok' });
    else if (id !== 0) server.say({ type: 'delivery_status', id, target: to, status: 'queued' });
  };
  const to = 'f'.repeat(64);
  await Promise.all([
    client.send(to, 'é'.repeat(5000)),
    client.multicast([{ to, body: 1 }]).catch(() => {}),
    client.sendVolatile(to, 1),
    client.presence.allow(to),
  ]);
  server.say({ type: 'msg', id: 'e'.repeat(32), payload: 1 });
  await until(() => server.frames.some(({ type }) => type === 'delivery_ack'));
  assert.equal(server.socket.extensions, '');
  assert.ok(sizes.length >= 5);
  assert.deepEqual(
    sizes.filter((size) => size % 1536 !== 0),
    [],
  );
});

test('a label that is a frame type of the relay is refused before it leaves', async () => {
  const server = await standIn();
  const { client } = clientOf(server);
  await client.connect();
  for (const type of ['delivery_ack', 'auth', 'msg', 'UPPER', '', 'x'.repeat(33)]) {
    await assert.rejects(client.send('f'.repeat(64), 1, { type }), { code: 'invalid_type' }, type);
  }
  assert.deepEqual(server.frames, []);
});
