import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLoaded } from './loaded.js';
import type { Options } from './options.js';
import { describeProfile, summariseProfile } from './profile.js';
import { startRelay } from './target.js';

const LOOK_MS = 100;
const LOOKS = 300;

/** Profiles our server through the measured phase; answers where its time went. The figures suffer a little. */
export async function runProfiled(scenario: 'paced' | 'burst', options: Options): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'blindpost-profile-')), `${scenario}.cpuprofile`);
  const target = await startRelay(options.redis, { profile: file });
  const toggle = () => process.kill(target.pid ?? 0, 'SIGUSR2');
  try {
    const run = await runLoaded(scenario, target, options, {
      before: toggle,
      after: async () => {
        toggle();
        await written(file);
      },
    });
    const { figures, cpuMicrosPerMessage } = run;
    const rate = `${figures.deliveredPerSecond} delivered/s, ${cpuMicrosPerMessage} µs CPU per message`;
    const summary = summariseProfile(JSON.parse(readFileSync(file, 'utf8')));
    return `${scenario}: ${rate}; profile in ${file}\n${describeProfile(summary)}`;
  } finally {
    await target.stop();
  }
}

async function written(file: string): Promise<void> {
  for (let look = 0; !existsSync(file); look++) {
    if (look === LOOKS) throw new Error('the server wrote no profile');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
