import { startServer } from '@blindpost/testbed/server';
import { round } from '../relay/latency.js';
import { Child } from './child.js';
import { type Figures, figuresOf } from './figures.js';
import type { LoadCalls } from './load.js';

const LOAD = new URL('./load.js', import.meta.url);
const CONNECTIONS = 64;
/** Deliveries per second in all, and the pairs that share them. */
const PACE = { pairs: 10, rate: 200 };
const QUIET = { pairs: 1, rate: 50 };
const SLOW_SOCKETS = 4;
/** The flood begins before the quiet pair and ends after it. */
const FLOOD_MORE_SECONDS = 6;
const FLOOD_AHEAD_MS = 3_000;

export type ServerRuns = {
  httpOneRecipient: Figures;
  http64Recipients: Figures;
  socket64InFlight: Figures;
  delivery: Figures & { lost: number };
};
export type Fairness = Record<
  'alone' | 'slowSockets' | 'flood' | 'floodElsewhere',
  Figures & { lost: number; ratio: number }
>;

async function withServer<T>(work: (url: string) => Promise<T>): Promise<T> {
  const env = { E2EE_LIMIT_QUEUE: '0', E2EE_LIMIT_QUEUE_BYTES: '0' };
  const server = await startServer({ services: ['e2ee'], env });
  try {
    return await work(server.url);
  } finally {
    await server.stop();
  }
}

async function withLoad<T>(work: (load: Child<LoadCalls>) => Promise<T>): Promise<T> {
  const load = new Child<LoadCalls>(LOAD);
  try {
    return await work(load);
  } finally {
    await load.end();
  }
}

/** A whole server, each load on one of its own. */
export async function runServer(seconds: number): Promise<ServerRuns> {
  const loaded = <T>(work: (load: Child<LoadCalls>, url: string) => Promise<T>) =>
    withServer((url) => withLoad((load) => work(load, url)));
  const http = (recipients: number) =>
    loaded(async (load, url) =>
      figuresOf(await load.call('http', { url, connections: CONNECTIONS, recipients, seconds })),
    );
  return {
    httpOneRecipient: await http(1),
    http64Recipients: await http(CONNECTIONS),
    socket64InFlight: await loaded(async (load, url) =>
      figuresOf(await load.call('socket', { url, seconds })),
    ),
    delivery: await loaded((load, url) => paced(load, { url, seconds, ...PACE })),
  };
}

/** What a quiet pair feels of others. */
export function runFairness(seconds: number): Promise<Fairness> {
  return withServer(async (url) => {
    const quiet = () => withLoad((load) => paced(load, { url, seconds, ...QUIET }));
    await quiet();
    const alone = await quiet();
    const slow = await withLoad(async (load) => {
      await load.call('slow', { url, sockets: SLOW_SOCKETS });
      return quiet();
    });
    const besideFlood = (flooded: string) =>
      withLoad(async (load) => {
        const flooding = load.call('http', {
          url: flooded,
          connections: CONNECTIONS,
          recipients: 1,
          seconds: seconds + FLOOD_MORE_SECONDS,
        });
        await new Promise((resolve) => setTimeout(resolve, FLOOD_AHEAD_MS));
        const beside = await quiet();
        await flooding;
        return beside;
      });
    const flood = await besideFlood(url);
    const floodElsewhere = await withServer(besideFlood);
    const beside = (run: Figures & { lost: number }) => ({ ...run, ratio: round(run.p99 / alone.p99) });
    return {
      alone: beside(alone),
      slowSockets: beside(slow),
      flood: beside(flood),
      floodElsewhere: beside(floodElsewhere),
    };
  });
}

async function paced(
  load: Child<LoadCalls>,
  args: Parameters<LoadCalls['paced']>[0],
): Promise<Figures & { lost: number }> {
  const run = await load.call('paced', args);
  return { ...figuresOf(run), lost: run.lost };
}
