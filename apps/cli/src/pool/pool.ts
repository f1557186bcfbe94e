import { Command } from 'commander';
import { balanceCommand } from './balance.js';
import { historyCommand } from './history.js';
import { redeemCommand } from './redeem.js';
import { withdrawCommand } from './withdraw.js';

/** `blindpost pool …` */
export function poolCommand(): Command {
  return new Command('pool')
    .description('What a miner earned. Amounts are in micro, millionths of a unit.')
    .addCommand(balanceCommand())
    .addCommand(redeemCommand())
    .addCommand(withdrawCommand())
    .addCommand(historyCommand());
}
