import { round } from './latency.js';
import { busySeconds, cpuSeconds } from './procfs.js';
import type { Target } from './target.js';

/** How many cores each part kept busy on average. `others`: all that is no part of this run, thus noise. */
export type Cores = { server: number | null; redis: number | null; generator: number; others: number };
export type CpuFigures = { cores: Cores; serverSeconds: number | null };

/** Begins to count CPU time; the answered function tells what has been used since. */
export function meter(target: Target, generatorPid: number): () => CpuFigures {
  const read = () => ({
    at: performance.now() / 1000,
    busy: busySeconds(),
    server: target.pid === null ? 0 : cpuSeconds(target.pid),
    redis: target.redisPid === null ? 0 : cpuSeconds(target.redisPid),
    generator: cpuSeconds(generatorPid),
  });
  const from = read();
  return () => {
    const to = read();
    const seconds = to.at - from.at;
    const server = to.server - from.server;
    const redis = to.redis - from.redis;
    const generator = to.generator - from.generator;
    const others = Math.max(0, to.busy - from.busy - server - redis - generator);
    return {
      serverSeconds: target.pid === null ? null : server,
      cores: {
        server: target.pid === null ? null : round(server / seconds),
        redis: target.redisPid === null ? null : round(redis / seconds),
        generator: round(generator / seconds),
        others: round(others / seconds),
      },
    };
  };
}
