import { createServer } from 'node:net';

/**
 * A loopback TCP port that was free a moment ago. Someone else may take it before it is used:
 * whoever starts a server on it tries another one when the server cannot bind.
 */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('the probe has no TCP port'));
        else resolve(address.port);
      });
    });
  });
}

/** Someone may take a free port before the server binds it. */
const PORT_TRIES = 5;

/** Starts a server on the port that is wanted, else on a free one; answers both. */
export async function startOnPort<T>(
  wanted: number | undefined,
  start: (port: number) => Promise<T>,
): Promise<{ port: number; running: T }> {
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? (await freePort());
    try {
      return { port, running: await start(port) };
    } catch (error) {
      if (wanted !== undefined || attempt === PORT_TRIES) throw error;
    }
  }
}
