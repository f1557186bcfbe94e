/** Runs the `blindpost` command as a person at a shell does. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../../../../cli/bin/blindpost.js', import.meta.url));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  /** So far. */
  readonly stdout: string;
  interrupt(): void;
  readonly ended: Promise<Ended>;
}

/** @param env - on top of what Node itself needs */
export function start(args: readonly string[], env: Record<string, string> = {}): Running {
  return startCommand(COMMAND, args, env);
}

/** As {@link start}, of any command, in a folder. */
export function startCommand(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
  cwd = process.cwd(),
): Running {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [command, ...args], {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  return {
    get stdout() {
      return output.stdout;
    },
    interrupt: () => void child.kill('SIGINT'),
    ended: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, ...output }));
    }),
  };
}

export function run(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return start(args, env).ended;
}
