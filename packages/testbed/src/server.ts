/** A real Blindpost server in its own process, on a free loopback port, for one test file. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../../../apps/cli/bin/blindpost.js', import.meta.url));
const READY = /^blindpost listens on (https?:\/\/[^\s,]+)/m;
/** How much of the end of each output is kept, in characters. */
const CAPTURE = 256 * 1024;
const START_GUARD_MS = 60_000;
const STOP_GUARD_MS = 15_000;

/** Everything a test does not ask about is off or cheap, so that a suite never meets a limit by accident. */
const DEFAULTS: Readonly<Record<string, string>> = {
  NODE_ENV: 'test',
  PORT: '0',
  HOST: '127.0.0.1',
  RELAY_POW_DIFFICULTY: '4',
  RELAY_LIMIT_CONNECTIONS: '0',
  RELAY_LIMIT_SOCKETS: '0',
  RELAY_LIMIT_CHALLENGES: '0',
  RELAY_LIMIT_REQUESTS: '0',
  RELAY_LIMIT_FRAMES: '0',
  RELAY_LIMIT_JAIL: '0',
  ACCOUNTS_LIMIT_REQUESTS: '0',
  E2EE_LIMIT_REQUESTS: '0',
  E2EE_LIMIT_SENDS: '0',
  E2EE_LIMIT_CONNECTIONS: '0',
  E2EE_LIMIT_SOCKETS: '0',
  IDENTITY_LIMIT_VERIFY: '0',
  IDENTITY_LIMIT_ATTEST: '0',
  IDENTITY_LIMIT_REGISTRY: '0',
  IDENTITY_LIMIT_REQUESTS: '0',
  POOL_LIMIT_REQUESTS: '0',
  POOL_LIMIT_STRIKES: '0',
  // Rounds of a second, of the track whose kernel is quickest, from a pool that is full again at once.
  POOL_TARGET_SECONDS: '1',
  POOL_TRACK_WEIGHTS: 'CPU_HASH=1',
  POOL_REFILL_MICRO_PER_SECOND: '1000000000',
};

export interface ServerOptions {
  /** Services to serve; default `relay`. */
  services?: readonly string[];
  /** Settings on top of the defaults; `undefined` takes a default away. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Further command-line arguments. */
  args?: readonly string[];
}

export interface TestServer {
  /** Where it listens, without a trailing slash. */
  readonly url: string;
  readonly pid: number;
  /** The last 256 Ki characters it wrote. */
  readonly stdout: string;
  readonly stderr: string;
  /** Settles when the process is gone: its exit code, or null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** SIGTERM; answers the exit code, or null when it had to be killed after 15 s. */
  stop(): Promise<number | null>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** The process ended before it said where it listens: refused settings, or an answer like `--print-config`. */
export class ServerNotStarted extends Error {
  override readonly name = 'ServerNotStarted';
  constructor(
    readonly code: number | null,
    readonly stdout: string,
    readonly stderr: string,
  ) {
    super(`the server ended with ${code} before it was ready\n${stdout}\n${stderr}`);
  }
}

/** Starts `blindpost serve …` and answers once it listens. Rejects with {@link ServerNotStarted}. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'blindpost-server-'));
  const command = [COMMAND, 'serve', ...(options.services ?? ['relay']), ...(options.args ?? [])];
  const child = spawn(process.execPath, command, {
    cwd: directory,
    env: { ...inherited(), ...DEFAULTS, DATA_DIR: directory, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  dieWithThisProcess(child);

  const stdout = capture(child.stdout);
  const stderr = capture(child.stderr);
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    // `close` comes after the last output, `exit` may come before it.
    child.once('close', (code) => resolve(code));
  }).finally(() => rm(directory, { recursive: true, force: true }));

  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const guard = setTimeout(() => child.kill('SIGKILL'), STOP_GUARD_MS);
    try {
      return await exited;
    } finally {
      clearTimeout(guard);
    }
  };

  const url = await new Promise<string>((resolve, reject) => {
    const guard = setTimeout(() => child.kill('SIGKILL'), START_GUARD_MS);
    const look = () => {
      const found = READY.exec(stdout.text)?.[1];
      if (found === undefined) return;
      clearTimeout(guard);
      child.stdout.off('data', look);
      resolve(found.replace(/\/$/, ''));
    };
    child.stdout.on('data', look);
    exited.then((code) => {
      clearTimeout(guard);
      reject(new ServerNotStarted(code, stdout.text, stderr.text));
    }, reject);
  });

  return {
    url,
    pid: child.pid ?? 0,
    get stdout() {
      return stdout.text;
    },
    get stderr() {
      return stderr.text;
    },
    exited,
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
  };
}

/** Settings of the shell that runs the tests must not reach the server; what Node itself needs must. */
function inherited(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'NODE_V8_COVERAGE'];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

function capture(stream: NodeJS.ReadableStream): { text: string } {
  const captured = { text: '' };
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    captured.text = (captured.text + chunk).slice(-CAPTURE);
  });
  return captured;
}

const alive = new Set<ChildProcess>();

/** A test file that ends by a failure or a signal must leave no server behind. */
function dieWithThisProcess(child: ChildProcess): void {
  if (alive.size === 0) {
    process.once('exit', killAll);
    process.once('SIGTERM', leave);
    process.once('SIGINT', leave);
  }
  alive.add(child);
  child.once('close', () => {
    alive.delete(child);
    if (alive.size > 0) return;
    process.off('exit', killAll);
    process.off('SIGTERM', leave);
    process.off('SIGINT', leave);
  });
}

function killAll(): void {
  for (const child of alive) child.kill('SIGKILL');
}

function leave(): void {
  process.exit(1);
}
