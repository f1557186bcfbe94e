import { Generator } from './generator.js';
import type { Options } from './options.js';
import { residentBytes } from './procfs.js';
import type { Target } from './target.js';

/** `dummy_pacing` goes on for 5 s after the last real frame, and V8 gives back memory after some 50 s of silence. */
const SILENCE_MS = 60_000;
/** Sockets opened and closed again before the baseline, so that code and pools are not counted as sockets. */
const WARM_UP = 200;
const LOOK_MS = 1_000;
/** A process whose size moves less than this by one more collection has given back what it can. */
const STEADY = 0.005;
const LOOKS = 20;

/** Memory with a number of idle, logged-in sockets. Bytes; null for a server not started here. */
export type IdleStep = {
  sockets: number;
  loginsPerSecond: number;
  closedByServer: number;
  residentBytes: number | null;
  /** Above the baseline, per socket: as found, and after all garbage was collected. */
  bytesPerSocket: number | null;
  collectedBytesPerSocket: number | null;
};

export type IdleRun = {
  scenario: 'idle';
  target: Target['name'];
  baselineBytes: number | null;
  steps: IdleStep[];
};

/** Opens more and more sockets that say nothing after their login. */
export async function runIdle(target: Target, options: Options): Promise<IdleRun> {
  const { auth, idle } = options;
  const endpoint = { url: target.url, auth, client: 'raw' } as const;
  const generator = new Generator();
  try {
    await generator.call('idle', { ...endpoint, sockets: WARM_UP });
    await generator.call('close', null);
    await pause(SILENCE_MS);
    const baselineBytes = target.pid === null ? null : await collected(target.pid);
    const steps: IdleStep[] = [];
    let open = 0;
    for (const sockets of idle) {
      const took = await generator.call('idle', { ...endpoint, sockets });
      const loginsPerSecond = Math.round(((sockets - open) * 1000) / took);
      open = sockets;
      await pause(SILENCE_MS);
      const found = target.pid === null ? null : residentBytes(target.pid);
      const least = target.pid === null ? null : await collected(target.pid);
      const each = (bytes: number | null) =>
        bytes === null || baselineBytes === null ? null : Math.round((bytes - baselineBytes) / sockets);
      steps.push({
        sockets,
        loginsPerSecond,
        closedByServer: await generator.call('lostIdle', null),
        residentBytes: found,
        bytesPerSocket: each(found),
        collectedBytesPerSocket: each(least),
      });
    }
    await generator.call('close', null);
    return { scenario: 'idle', target: target.name, baselineBytes, steps };
  } finally {
    await generator.end();
  }
}

/**
 * Has the probe collect garbage until that changes nothing any more: the first collection frees objects, and
 * only later ones give whole pages back.
 */
async function collected(pid: number): Promise<number> {
  let before = residentBytes(pid);
  for (let look = 0; look < LOOKS; look++) {
    process.kill(pid, 'SIGUSR2');
    await pause(LOOK_MS);
    const now = residentBytes(pid);
    if (look > 1 && Math.abs(before - now) < now * STEADY) return now;
    before = now;
  }
  return before;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
