import { Command, CommanderError } from 'commander';
import { Failure, line } from '../failure.js';
import { USAGE } from './exit-code.js';

/**
 * Runs `eid`. Exit codes: 0 done, or a valid proof; 1 refused, or an invalid proof; 2 what was typed, and whatever kept
 * the command from finding out.
 */
export async function runEid(commands: readonly Command[]): Promise<void> {
  const program = new Command('eid')
    .description('Prove what you are without saying who, and verify such proofs.')
    .version('0.1.0');
  for (const command of [program, ...commands]) command.exitOverride();
  for (const command of commands) program.addCommand(command);
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    // What commander says it has said by itself.
    if (!(error instanceof CommanderError)) process.stderr.write(`eid: ${line(error)}\n`);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof Failure) return error.exitCode;
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  return 1;
}
