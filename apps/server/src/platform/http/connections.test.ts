import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { test } from 'node:test';
import { Connections } from './connections.js';
import { dial, openConnections } from './dial.fixture.js';

/** Two for each of five sockets, and fifty. */
const BOUND = 60;

async function listening(perAddress: number): Promise<Server> {
  const server = createServer();
  new Connections(server, perAddress);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

test('silent connections beyond the bound are dropped, another address is not, and a closed one makes room', async () => {
  const server = await listening(5);
  const sockets = await Promise.all(Array.from({ length: BOUND + 20 }, () => dial(server, '127.0.5.1')));
  await openConnections(server, BOUND);
  const other = await dial(server, '127.0.5.2');
  await openConnections(server, BOUND + 1);
  for (const socket of sockets) socket.destroy();
  await openConnections(server, 1);
  const again = await Promise.all(Array.from({ length: BOUND + 1 }, () => dial(server, '127.0.5.1')));
  await openConnections(server, BOUND + 1);
  for (const socket of [other, ...again]) socket.destroy();
  server.close();
  await once(server, 'close');
});

test('without a bound nothing is dropped', async () => {
  const server = await listening(0);
  const sockets = await Promise.all(Array.from({ length: 80 }, () => dial(server, '127.0.5.1')));
  await openConnections(server, 80);
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, 'close');
});
