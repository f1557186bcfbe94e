import { median } from '../relay/latency.js';

/** Milliseconds of a call: as the clock on the wall has them, and as this process's threads used the processor. */
export type Cost = { wallMs: number; cpuMs: number };

export async function costOf(work: () => unknown): Promise<Cost> {
  const cpu = process.cpuUsage();
  const from = performance.now();
  await work();
  const wallMs = performance.now() - from;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 };
}

/** The medians of both, of one of `per` things that each call did, to three digits that count. */
export function typical(costs: readonly Cost[], per = 1): Cost {
  return {
    wallMs: rounded(median(costs.map(({ wallMs }) => wallMs)) / per),
    cpuMs: rounded(median(costs.map(({ cpuMs }) => cpuMs)) / per),
  };
}

export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
