/** Peers that hold a socket and do not read from it, and connections whose other end has vanished. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import type { E2eeWire } from '@blindpost/testbed/wire-e2ee';
import { given, tokenOf } from './people.js';

const DROP_GUARD_MS = 90_000;
/** The first byte of an unmasked close frame. */
const CLOSE_FRAME = 0x88;
/** How the kernel writes the state of a connection that both ends still hold. */
const ESTABLISHED = '01';

export interface Stuck {
  /** Settles when the server has given the connection up, though nothing is read from it. */
  dropped(): Promise<void>;
  /** Reads what is left to its end; the code of the close frame there, null where there is none. */
  ended(): Promise<number | null>;
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
  const own = given(socket.localPort);
  return {
    async dropped() {
      for (const deadline = Date.now() + DROP_GUARD_MS; isEstablished(Number(port), own); ) {
        if (Date.now() > deadline) throw new Error('the server holds on to a peer that never reads');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async ended() {
      const closed = once(socket, 'close');
      let tail = Buffer.alloc(0);
      socket.on('data', (chunk: Buffer) => {
        tail = Buffer.concat([tail, chunk]).subarray(-128);
      });
      socket.on('end', () => socket.destroy());
      socket.resume();
      await closed;
      const close = tail.lastIndexOf(CLOSE_FRAME);
      return close < 0 || close + 4 > tail.length ? null : tail.readUInt16BE(close + 2);
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

/** Whether the end at `local` still holds its connection with `remote`, both on loopback. */
function isEstablished(local: number, remote: number): boolean {
  const ends = [local, remote].map((port) => `:${port.toString(16).toUpperCase().padStart(4, '0')}`);
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .some(
      ([, from, to, state]) =>
        ends[0] !== undefined &&
        from?.endsWith(ends[0]) === true &&
        to?.endsWith(ends[1] ?? '?') === true &&
        state === ESTABLISHED,
    );
}
