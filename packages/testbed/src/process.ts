/** A server program as a child process that never outlives the test process which started it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOnPath } from './process.program.js';

/** How long a server may take to become ready or to end before it is killed. */
const START_GUARD_MS = 30_000;
const STOP_GUARD_MS = 5_000;
const POLL_MS = 20;

export interface ServerProcess {
  readonly pid: number;
  /** Settles when the process is gone. */
  readonly exited: Promise<void>;
  /** SIGTERM, then SIGKILL after 5 s; answers when the process is gone. */
  stop(): Promise<void>;
  /** SIGKILL; answers when the process is gone. */
  kill(): Promise<void>;
}

/**
 * Starts `path` in `directory` and answers once `ready(pid)` says true.
 * @throws Error with the end of its output when the program ends or stays silent for 30 s.
 */
export async function startProcess(
  path: string,
  args: readonly string[],
  directory: string,
  ready: (pid: number) => Promise<boolean>,
): Promise<ServerProcess> {
  const log = join(directory, 'output.log');
  const output = openSync(log, 'a');
  const [command, ...rest] = dyingWithParent(path, args);
  // A file instead of pipes: a forgotten server must not keep the test process alive.
  const child = spawn(command, rest, { cwd: directory, stdio: ['ignore', output, output] });
  closeSync(output);
  const gone = watch(child);
  child.unref();

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!running(child)) return gone;
    child.ref();
    child.kill(signal);
    // A process held by SIGSTOP answers no SIGTERM.
    child.kill('SIGCONT');
    const guard = setTimeout(() => child.kill('SIGKILL'), STOP_GUARD_MS);
    await gone;
    clearTimeout(guard);
  };

  const pid = child.pid ?? 0;
  for (const deadline = Date.now() + START_GUARD_MS; !(await ready(pid)); ) {
    if (!running(child) || Date.now() > deadline) {
      await end('SIGKILL');
      throw new Error(`${path} did not start:\n${readFileSync(log, 'utf8').slice(-4096)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return { pid, exited: gone, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

/** A new folder for a server's files, removed when this process ends at the latest. */
export async function temporaryDirectory(prefix: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), `blindpost-${prefix}-`));
  directories.add(directory);
  cleanAtExit();
  return directory;
}

export function removeDirectory(directory: string): void {
  directories.delete(directory);
  // Somebody may still be writing a last file into it.
  rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

/** Exit hooks do not run when this process is killed by SIGKILL; the kernel's parent-death signal does. */
function dyingWithParent(path: string, args: readonly string[]): [string, ...string[]] {
  return setpriv === null ? [path, ...args] : [setpriv, '--pdeathsig', 'KILL', path, ...args];
}

const setpriv = process.platform === 'linux' ? findOnPath('setpriv') : null;

const alive = new Set<ChildProcess>();
const directories = new Set<string>();
let cleaning = false;

function watch(child: ChildProcess): Promise<void> {
  alive.add(child);
  cleanAtExit();
  return new Promise((resolve) => {
    const settle = () => {
      alive.delete(child);
      resolve();
    };
    child.once('exit', settle);
    child.once('error', settle);
  });
}

function running(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

function cleanAtExit(): void {
  if (cleaning) return;
  cleaning = true;
  process.once('exit', () => {
    for (const child of alive) child.kill('SIGKILL');
    for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  });
  if (setpriv !== null) return;
  // The default action of these signals ends the process without its exit hooks. Where the kernel ends the
  // servers it stays the default, because a test caught in a loop never runs a handler and would live on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(1));
  }
}
