import { Command } from 'commander';
import { failing } from '../failure.js';
import { type AccessOptions, openPool, withAccess } from './access.js';

/** `blindpost pool balance` */
export function balanceCommand(): Command {
  return withAccess(new Command('balance'))
    .description('Print what is there and what was withdrawn.')
    .action((options: AccessOptions) =>
      failing(async () => {
        const { pending_balance_micro, withdrawn_total_micro } = await (await openPool(options)).balance();
        process.stdout.write(`pending ${pending_balance_micro}\nwithdrawn ${withdrawn_total_micro}\n`);
      }),
    );
}
