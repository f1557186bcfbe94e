import { once } from 'node:events';
import { connect, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Looks at the server's connections before they count as leaked; the server itself lets 2 s pass. */
const TRIES = 1_000;

/** For tests: a raw connection to `server`, from a loopback address of its own, that never ends its half by itself. */
export async function dial(server: Server, localAddress = '127.0.0.1'): Promise<Socket> {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the server does not listen on TCP');
  const socket = connect({ port: bound.port, host: '127.0.0.1', localAddress, allowHalfOpen: true });
  // Being dropped is what some of them are for.
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** For tests: resolves when `server` has exactly `count` open connections, throws when it never comes to that. */
export async function openConnections(server: Server, count: number): Promise<void> {
  let open = await connections(server);
  for (let tries = 0; open !== count; tries += 1) {
    if (tries === TRIES) throw new Error(`${open} connections are open, not ${count}`);
    await sleep(20);
    open = await connections(server);
  }
}

function connections(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, open) => (error === null ? resolve(open) : reject(error)));
  });
}
