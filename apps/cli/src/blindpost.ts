import { Command } from 'commander';
import { mineCommand } from './mine/mine.js';
import { poolCommand } from './pool/pool.js';
import { powCommand } from './pow/pow.js';
import { serveCommand } from './serve.js';

const program = new Command('blindpost')
  .description('A server that carries what it cannot read, and the tools around it.')
  .version('0.1.0')
  .addCommand(serveCommand())
  .addCommand(mineCommand())
  .addCommand(poolCommand())
  .addCommand(powCommand());

await program.parseAsync();
