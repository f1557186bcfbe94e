import { Command } from 'commander';
import { failing } from '../failure.js';
import { whole } from '../numbers.js';
import { type AccessOptions, openPool, withAccess } from './access.js';

/** `blindpost pool redeem [amount]` */
export function redeemCommand(): Command {
  return withAccess(new Command('redeem'))
    .description('Turn an amount into a redemption code, by default all there is.')
    .argument('[amount]', 'in micro', whole(1))
    .action((amount: number | undefined, options: AccessOptions) =>
      failing(async () => {
        const answer = await (await openPool(options)).withdrawCode(amount);
        process.stdout.write(`code ${answer.code}\nquota ${answer.quota}\namount ${answer.amount_micro}\n`);
        if (answer.status === 'error')
          process.stderr.write(
            'blindpost: the gateway does not know the code yet; it is delivered as soon as possible\n',
          );
      }),
    );
}
