/**
 * Preloaded into the server under test by `NODE_OPTIONS=--import`, and only where it is asked for. On SIGUSR2
 * it collects all garbage, so that two readings of memory compare; or, with BENCH_PROFILE naming a file, it
 * starts the CPU profiler and at the next SIGUSR2 writes the profile there. (`node --cpu-prof` would also
 * count start-up and logins.)
 */
import { renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

const SAMPLE_US = 200;

const file = process.env.BENCH_PROFILE;
if (isMainThread) process.on('SIGUSR2', file === undefined ? collector() : profiler(file));

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  return () => {
    if (typeof collect === 'function') collect();
  };
}

function profiler(path: string): () => void {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: SAMPLE_US });
  let running = false;
  return () => {
    running = !running;
    if (running) return session.post('Profiler.start');
    session.post('Profiler.stop', (_, { profile }) => {
      // Whoever waits for the file must never see half of it.
      writeFileSync(`${path}.part`, JSON.stringify(profile));
      renameSync(`${path}.part`, path);
    });
  };
}
