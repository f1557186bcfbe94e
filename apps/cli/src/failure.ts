/** The end of a command that could not do what was asked: its message is all that is printed. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
  }
}

/** Runs a command; what it is refused becomes one line on stderr and an exit code. */
export async function failing(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    process.stderr.write(`blindpost: ${line(error)}\n`);
    process.exitCode = error instanceof Failure ? error.exitCode : 1;
  }
}

/** An error in one line: its code, if it has a stable one, and what it says. */
export function line(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = error.message.replaceAll(/\s+/g, ' ');
  return 'code' in error && typeof error.code === 'string' ? `${error.code}: ${text}` : text;
}
