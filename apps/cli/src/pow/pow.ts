import { Command } from 'commander';
import { checkCommand } from './check.js';

/** `blindpost pow …` */
export function powCommand(): Command {
  return new Command('pow')
    .description('The seven kinds of work: are they computed right.')
    .addCommand(checkCommand());
}
