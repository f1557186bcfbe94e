/** A TCP proxy that lets a request through and loses the answer, as a network does at the worst moment. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface DroppingProxy {
  readonly port: number;
  /** Answers lost so far. */
  readonly lost: number;
  /**
   * The next connection that sends `text` breaks when the server answers: what was asked has been done by then,
   * and whoever asked never hears of it.
   */
  loseAnswerTo(text: string): void;
  stop(): Promise<void>;
}

/** Listens on a free loopback port and forwards each connection to `port` there. */
export async function startDroppingProxy(port: number): Promise<DroppingProxy> {
  const open = new Set<Socket>();
  let awaited: string | null = null;
  let lost = 0;

  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    let losing = false;
    client.on('data', (chunk: Buffer) => {
      if (awaited !== null && chunk.includes(awaited)) {
        awaited = null;
        losing = true;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => {
      if (!losing) {
        client.write(chunk);
        return;
      }
      lost++;
      client.destroy();
    });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });

  return {
    port: addressOf(server.address()).port,
    get lost() {
      return lost;
    },
    loseAnswerTo(text) {
      awaited = text;
    },
    async stop() {
      for (const socket of open) socket.destroy();
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
