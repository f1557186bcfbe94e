import { Command } from 'commander';
import { failing } from '../failure.js';
import { whole } from '../numbers.js';
import { type AccessOptions, openPool, withAccess } from './access.js';

/** `blindpost pool withdraw <amount> <destination>` */
export function withdrawCommand(): Command {
  return withAccess(new Command('withdraw'))
    .description('Ask the operator to pay an amount out.')
    .argument('<amount>', 'in micro', whole(1))
    .argument('<destination>', 'where to, as the operator understands it')
    .action((amount: number, destination: string, options: AccessOptions) =>
      failing(async () => {
        const { request_id, status } = await (await openPool(options)).withdraw(amount, destination);
        process.stdout.write(`request ${request_id}\nstatus ${status}\n`);
      }),
    );
}
