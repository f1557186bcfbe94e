import { Command } from 'commander';
import { failing } from '../failure.js';
import { type AccessOptions, openPool, withAccess } from './access.js';

/** `blindpost pool history` */
export function historyCommand(): Command {
  return withAccess(new Command('history'))
    .description('Print the redemption codes, latest first: time, amount, quota, state, code.')
    .action((options: AccessOptions) =>
      failing(async () => {
        const { items } = await (await openPool(options)).history();
        for (const { ts_ms, amount_micro, quota, state, code } of items) {
          const time = new Date(ts_ms).toISOString();
          process.stdout.write(`${time}  ${amount_micro}  ${quota}  ${state}  ${code}\n`);
        }
      }),
    );
}
