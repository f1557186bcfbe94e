import { Command } from 'commander';
import { serveCommand } from './serve.js';

const program = new Command('blindpost')
  .description('A server that carries what it cannot read, and the tools around it.')
  .version('0.1.0')
  .addCommand(serveCommand());

await program.parseAsync();
