/** How long work goes on between two looks at the processor's clock, in milliseconds: a look costs a system call. */
const BATCH_MS = 5;

/** Does some work and answers how many attempts it was. */
export type Work = () => number | Promise<number>;

/** Attempts per second of CPU time of this process, all its threads, after as long a warm-up. */
export async function rateOf(work: Work, cpuSeconds: number): Promise<number> {
  await run(work, cpuSeconds);
  return run(work, cpuSeconds);
}

async function run(work: Work, cpuSeconds: number): Promise<number> {
  const from = process.cpuUsage();
  let attempts = 0;
  for (;;) {
    const batch = performance.now();
    do {
      const done = work();
      attempts += typeof done === 'number' ? done : await done;
    } while (performance.now() - batch < BATCH_MS);
    const { user, system } = process.cpuUsage(from);
    const used = (user + system) / 1e6;
    if (used >= cpuSeconds) return attempts / used;
  }
}
