/** A TCP proxy between two real parts: it records what passes, and it can be cut, closed and opened again. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type Decoded, decode } from './proxy-decode.js';

export interface ProxyOptions {
  /** Keep the bytes of both directions; default true. */
  record?: boolean;
}

/** One connection's bytes, as they passed. */
export class Recording {
  readonly #toServer: Buffer[] = [];
  readonly #toClient: Buffer[] = [];

  add(direction: 'toServer' | 'toClient', chunk: Buffer): void {
    (direction === 'toServer' ? this.#toServer : this.#toClient).push(chunk);
  }
  get toServer(): Decoded {
    return decode(Buffer.concat(this.#toServer));
  }
  get toClient(): Decoded {
    return decode(Buffer.concat(this.#toClient));
  }
}

export interface RecordingProxy {
  readonly port: number;
  /** Connections in the order they were opened. */
  readonly recordings: readonly Recording[];
  /** Breaks every open connection on both sides. */
  cut(): void;
  /** Breaks every connection and every new one, until {@link Proxy.allow}. */
  refuse(): void;
  allow(): void;
  stop(): Promise<void>;
}

/** Listens on a free loopback port and forwards each connection to `target`, given as `host:port`. */
export async function startProxy(target: string, options: ProxyOptions = {}): Promise<RecordingProxy> {
  const { hostname, port } = new URL(`tcp://${target}`);
  const recordings: Recording[] = [];
  const open = new Set<Socket>();
  let refusing = false;

  const server = createServer((client) => {
    if (refusing) {
      client.on('error', () => {});
      client.destroy();
      return;
    }
    const upstream = connect(Number(port), hostname);
    const recording = options.record === false ? undefined : new Recording();
    if (recording !== undefined) recordings.push(recording);
    for (const [from, to, direction] of [
      [client, upstream, 'toServer'],
      [upstream, client, 'toClient'],
    ] as const) {
      open.add(from);
      from.setNoDelay(true);
      if (recording !== undefined) from.on('data', (chunk: Buffer) => recording.add(direction, chunk));
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroySoon();
      });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });

  const cut = () => {
    // Not resetAndDestroy(): on a socket that is shutting down Node 20 leaks the handle and spins at exit.
    for (const socket of open) socket.destroy();
  };
  return {
    port: addressOf(server.address()).port,
    recordings,
    cut,
    refuse: () => {
      refusing = true;
      cut();
    },
    allow: () => {
      refusing = false;
    },
    stop: async () => {
      cut();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return address;
}
