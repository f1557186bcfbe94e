import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { after, test } from 'node:test';
import type { WebSocket } from 'ws';
import { Limits } from '../admission/limits.js';
import { ManualClock } from '../clock.manual.js';
import { Metrics } from '../metrics/metrics.js';
import { MemoryVolatile } from '../volatile/memory.js';
import { Addresses } from './addresses.js';
import { dial, openConnections } from './dial.fixture.js';
import { Hosts } from './hosts.js';
import { type Peer, type SocketHandler, type SocketRules, Sockets } from './sockets.js';

const metrics = new Metrics();
const http = createServer();
const peers: Peer[] = [];
const sockets = new Sockets(http, {
  hosts: new Hosts('https://relay.example'),
  addresses: new Addresses([]),
  limitsOf: (code) => new Limits(new MemoryVolatile(new ManualClock()), (address) => address, 0, code),
  metrics,
  corsOrigins: [],
  total: 0,
  frameSize: 1536,
});
const take: SocketHandler = (socket, _wire, peer) => {
  peers.push(peer);
  socket.terminate();
};
const RULES: SocketRules = {
  perAddress: 0,
  bucket: null,
  limited: 'ERR_RATE_LIMIT',
  unavailable: 'ERR_UNAVAILABLE',
  maxPayload: 1024,
};
sockets.route(['/ws'], RULES, take);
http.listen(0, '127.0.0.1');
await once(http, 'listening');
after(() => {
  http.close();
  metrics.close();
});

const GOOD = {
  host: 'localhost',
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
};

async function upgrade(url: string, headers: Record<string, string>, server: Server = http): Promise<Socket> {
  const socket = await dial(server);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${url} HTTP/1.1\r\n${lines.join('')}\r\n`);
  return socket;
}

/** The whole answer, as text; the server ends it. */
async function answer(url: string, headers: Record<string, string>): Promise<string> {
  const socket = await upgrade(url, headers);
  let text = '';
  socket.on('data', (bytes) => {
    text += String(bytes);
  });
  await once(socket, 'end');
  socket.end();
  return text;
}

/** Refused in the one error shape, in whole frames. */
function assertRefused(text: string, status: number, code: string): void {
  const [head, body] = [text.slice(0, text.indexOf('{')), text.slice(text.indexOf('{'))];
  assert.match(head, new RegExp(`^HTTP/1.1 ${status} `));
  assert.match(head, /\r\nContent-Type: application\/json\r\n/);
  assert.equal(body.length, 1536);
  const error = JSON.parse(body);
  assert.deepEqual(Object.keys(error), ['error', 'message', 'details']);
  assert.equal(error.error, code);
}

test('a refused peer that says one byte more and ends its half is let go', async () => {
  const refused = await Promise.all(Array.from({ length: 20 }, () => upgrade('/nowhere', GOOD)));
  for (const socket of refused) {
    socket.write('x');
    socket.end();
  }
  await openConnections(http, 0);
  for (const socket of refused) socket.destroy();
});

test('a refused peer that never ends its half, or never reads, is let go', async () => {
  const refused = await Promise.all(Array.from({ length: 20 }, () => upgrade('/nowhere', GOOD)));
  refused.forEach((socket, at) => {
    if (at % 2 === 0) socket.pause();
    else socket.resume();
  });
  await openConnections(http, 0);
  for (const socket of refused) socket.destroy();
});

test('a URL that cannot be read is not found', async () => {
  for (const url of ['//', '//:x', '/nowhere']) assertRefused(await answer(url, GOOD), 404, 'not_found');
});

test('what is no handshake is refused in our own shape', async () => {
  const { 'sec-websocket-key': _, ...keyless } = GOOD;
  for (const headers of [
    keyless,
    { ...GOOD, 'sec-websocket-key': 'short' },
    { ...GOOD, 'sec-websocket-version': '8' },
    { ...GOOD, 'sec-websocket-protocol': 'a,,b' },
    { ...GOOD, upgrade: 'h2c' },
  ])
    assertRefused(await answer('/ws', headers), 400, 'invalid_request');
});

async function told(url: string, headers: Record<string, string>): Promise<Peer | undefined> {
  const text = await answer(url, { ...GOOD, ...headers });
  assert.match(text, /^HTTP\/1.1 101 /);
  return peers.pop();
}

test('a peer knows whether the host it dialled is surely ours', async () => {
  const whose = async (headers: Record<string, string>) => {
    const { address, host, ownHost, ownOrigin } = (await told('/ws', headers)) ?? {};
    return { address, host, ownHost, ownOrigin };
  };
  const address = '127.0.0.1';
  const local = { address, host: 'localhost', ownOrigin: true };
  assert.deepEqual(await whose({}), { ...local, ownHost: true });
  assert.deepEqual(await whose({ via: '1.1 proxy' }), { ...local, ownHost: false });
  const host = 'relay.example:443';
  assert.deepEqual(await whose({ host, via: '1.1 proxy' }), {
    address,
    host,
    ownHost: true,
    ownOrigin: true,
  });
});

test('a peer carries the token and the query of its upgrade', async () => {
  const peer = await told('/ws?case=snake', { authorization: 'Bearer abc' });
  assert.equal(peer?.authorization, 'Bearer abc');
  assert.equal(peer?.query.get('case'), 'snake');
  assert.equal((await told('/ws', {}))?.authorization, undefined);
});

test('an address has so many sockets at each place, and as many again at another', async () => {
  const kept: WebSocket[] = [];
  const keep: SocketHandler = (socket) => kept.push(socket);
  sockets.route(['/two', '/also-two'], { ...RULES, perAddress: 2 }, keep);
  sockets.route(['/one'], { ...RULES, perAddress: 1 }, keep);
  /** The status of the answer; the dialler's end is left open. */
  const open = async (path: string) => {
    const [head] = await once(await upgrade(path, GOOD), 'data');
    return String(head).slice(9, 12);
  };
  const statuses: string[] = [];
  for (const path of ['/two', '/also-two', '/two', '/also-two', '/one', '/one'])
    statuses.push(await open(path));
  assert.deepEqual(statuses, ['101', '101', '429', '429', '101', '429']);
  const closed = kept.map((socket) => once(socket, 'close'));
  for (const socket of kept) socket.terminate();
  await Promise.all(closed);
  assert.equal(await open('/two'), '101');
  kept.at(-1)?.terminate();
});
