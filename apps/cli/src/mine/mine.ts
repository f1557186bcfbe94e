import { Miner } from '@blindpost/client/pool';
import { Command } from 'commander';
import { failing, line } from '../failure.js';
import { whole } from '../numbers.js';
import { type AccessOptions, withAccess } from '../pool/access.js';
import { ownToken } from '../pool/token-file.js';
import { LiveLine } from './live-line.js';

interface MineOptions extends AccessOptions {
  threads?: number;
  throttle: number;
}

/** `blindpost mine` */
export function mineCommand(): Command {
  return withAccess(new Command('mine'))
    .description('Work for a pool until Ctrl-C.')
    .option('--threads <count>', 'threads; default: all cores but one', whole(1, 1024))
    .option('--throttle <percent>', 'percent of a core that each thread may use', whole(1, 100), 100)
    .action((options: MineOptions) => failing(() => mine(options)));
}

async function mine({ url, tokenFile, threads, throttle }: MineOptions): Promise<void> {
  const token = await ownToken(tokenFile);
  const live = new LiveLine(process.stdout);
  live.say(`mining at ${url}, token in ${tokenFile}`);
  const miner = new Miner({
    url,
    token,
    workers: threads,
    throttle,
    onState: (state) => live.show(state),
    onError: (error) => live.complain(line(error)),
  });
  const stop = () => miner.stop();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    await miner.run();
  } finally {
    live.end();
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}
