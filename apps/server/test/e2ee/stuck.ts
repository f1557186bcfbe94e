/** Peers that hold a socket and do not read from it, and connections whose other end has vanished. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { E2eeWire } from '@blindpost/testbed/wire-e2ee';
import { given, tokenOf } from './people.js';

export interface Stuck {
  /** Reads whatever comes and throws it away; settles when the server has ended the connection. */
  ended(): Promise<void>;
  end(): void;
}

/** Opens the account's socket by hand, reads the handshake's answer, and then nothing more. */
export async function stopReading(wire: E2eeWire, path = '/api/e2ee/ws'): Promise<Stuck> {
  const { host, port } = new URL(wire.url);
  const socket = connect({ port: Number(port), host: '127.0.0.1' });
  socket.on('error', () => {});
  await once(socket, 'connect');
  const lines = [
    `GET ${path} HTTP/1.1`,
    `host: ${host}`,
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    `sec-websocket-key: ${randomBytes(16).toString('base64')}`,
    `authorization: Bearer ${tokenOf(wire)}`,
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const [head] = await once(socket, 'data');
  socket.pause();
  if (!String(head).startsWith('HTTP/1.1 101')) throw new Error(`no socket: ${head}`);
  return {
    async ended() {
      const closed = once(socket, 'close');
      socket.resume();
      // Half of a connection is none: what is left of it goes when the server has said its last.
      socket.on('end', () => socket.destroy());
      await closed;
    },
    end: () => void socket.destroy(),
  };
}

export interface FreezingProxy {
  readonly url: string;
  /** From now on nothing passes, in either way, and nobody is told. */
  freeze(): void;
  stop(): void;
}

/** A way to the server that can be cut as a network is: without a word to either end. */
export async function startFreezingProxy(target: string): Promise<FreezingProxy> {
  const { port } = new URL(target);
  const open = new Set<Socket>();
  let frozen = false;
  const server = createServer((client) => {
    const upstream = connect(Number(port), '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(from);
      from.on('error', () => {});
      from.on('data', (chunk) => {
        if (!frozen) to.write(chunk);
      });
      from.on('close', () => {
        open.delete(from);
        if (!frozen) to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = given(server.address());
  if (typeof address === 'string') throw new Error('the proxy has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    freeze() {
      frozen = true;
      for (const socket of open) socket.pause();
    },
    stop() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
