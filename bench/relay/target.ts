import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startRedis } from '@blindpost/testbed/redis';
import { startServer } from '@blindpost/testbed/server';

/** A server to measure. */
export interface Target {
  name: 'relay' | 'control' | 'external';
  url: string;
  /** Null for a server that this program did not start. */
  pid: number | null;
  redisPid: number | null;
  stop(): Promise<void>;
}

export type Preload = {
  /** Load the probe that collects garbage on SIGUSR2. */
  garbage?: boolean;
  /** Load the probe that profiles between two SIGUSR2 into this file. */
  profile?: string;
};

/** Our server with limits off and cheap work, on memory or on a Redis of its own. */
export async function startRelay(redis: boolean, preload: Preload = {}): Promise<Target> {
  const store = redis ? await startRedis() : null;
  const server = await startServer({
    env: {
      NODE_ENV: 'production',
      ADMIN_API_KEY: 'bench'.repeat(8),
      BLINDPOST_SECRET: 'bench'.repeat(8),
      RELAY_POW_DIFFICULTY: '1',
      RELAY_REDIS_URL: store?.url,
      ...preloaded(preload),
    },
  });
  return {
    name: 'relay',
    url: server.url,
    pid: server.pid,
    redisPid: store?.pid ?? null,
    async stop() {
      await server.stop();
      await store?.stop();
    },
  };
}

/** The control of control.ts. */
export async function startControl(preload: Preload = {}): Promise<Target> {
  const program = fileURLToPath(new URL('./control.js', import.meta.url));
  const child = fork(program, { stdio: 'inherit', env: { ...process.env, ...preloaded(preload) } });
  const port = await new Promise<unknown>((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the control ended with ${code}`)));
  });
  return {
    name: 'control',
    url: `http://127.0.0.1:${String(port)}`,
    pid: child.pid ?? 0,
    redisPid: null,
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await gone;
    },
  };
}

/** A server that runs already. */
export function external(url: string): Target {
  return { name: 'external', url: url.replace(/\/$/, ''), pid: null, redisPid: null, stop: async () => {} };
}

function preloaded({ garbage, profile }: Preload): Record<string, string> {
  if (garbage !== true && profile === undefined) return {};
  const probe = new URL('./probe.js', import.meta.url).href;
  return { NODE_OPTIONS: `--import=${probe}`, ...(profile === undefined ? {} : { BENCH_PROFILE: profile }) };
}
