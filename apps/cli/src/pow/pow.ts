import { Command } from 'commander';
import { benchCommand } from './bench.js';
import { checkCommand } from './check.js';

/** `blindpost pow …` */
export function powCommand(): Command {
  return new Command('pow')
    .description('The seven kinds of work: are they computed right, and how fast.')
    .addCommand(checkCommand())
    .addCommand(benchCommand());
}
