/** A real PostgreSQL on a free loopback port, its data in a temporary folder that is gone with its test. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { startOnPort } from './ports.js';
import { removeDirectory, type ServerProcess, startProcess, temporaryDirectory } from './process.js';
import { runAs, unprivileged } from './process.owner.js';
import {
  findOnPath,
  locateProgram,
  type MissingProgram,
  ProgramMissing,
  skipWithout,
} from './process.program.js';

const run = promisify(execFile);

/** Debian keeps the server's programs off the PATH; this one of the same package is on it. */
const PROGRAM = { command: 'pg_ctlcluster', debianPackage: 'postgresql' };
const DEBIAN_FOLDER = '/usr/lib/postgresql';
const USER = 'blindpost';
/** After a kill its children may hold the shared memory for a moment, and a new server refuses to start. */
const RESTART_TRIES = 50;
const RESTART_PAUSE_MS = 100;

export interface PostgresOptions {
  /** Default: a free one. */
  port?: number;
  /** False spares the disk in tests that neither kill nor count on what is written. Default: true. */
  fsync?: boolean;
  /** Further settings as `name=value`. */
  settings?: readonly string[];
}

/** Where a suite finds an empty database. */
export interface Databases {
  /** Makes an empty database and answers its URL, so that suites can share one server. */
  freshDatabase(): Promise<string>;
  /** Ends the server, whoever is connected, and removes its files; a server that others share goes on. */
  stop(): Promise<void>;
}

export interface PostgresServer extends Databases {
  /** Of the database `postgres`, with all rights; loopback connections are trusted. */
  readonly url: string;
  readonly port: number;
  /** Of the process running now; changes with `restart`. */
  readonly pid: number;
  /** SIGKILL, as when the machine's memory runs out; the data stays. */
  kill(): Promise<void>;
  /** Ends it if it runs and starts it on the same port and data. */
  restart(): Promise<void>;
}

/** The value for `skip` of a suite that needs PostgreSQL: false, or why it cannot run here. */
export async function postgresMissing(): Promise<string | false> {
  if (findPrograms() !== null) return false;
  const skipped = await skipWithout(PROGRAM);
  return skipped === false && findPrograms() === null ? notWhereExpected().reason : skipped;
}

/**
 * The server that a run of many files keeps for them all, named by `TEST_POSTGRES`; where there is none, one of
 * this process's own. Its databases are the caller's, it is not: who kills PostgreSQL starts one.
 * @throws as {@link startPostgres}
 */
export async function sharedPostgres(): Promise<Databases> {
  const url = process.env.TEST_POSTGRES;
  if (url === undefined) return startPostgres();
  const programs = await locatePrograms();
  return { freshDatabase: () => createDatabase(programs, url), stop: () => Promise.resolve() };
}

/** @throws ProgramMissing when PostgreSQL is not to be had; Error when it does not start. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const programs = await locatePrograms();
  const directory = await temporaryDirectory('postgres');
  const data = join(directory, 'data');
  const owner = await unprivileged('postgres');
  if (owner !== null) await chown(directory, owner.uid, owner.gid);

  const [initdb, ...rest] = runAs(owner, join(programs, 'initdb'));
  const how = ['--auth=trust', `--username=${USER}`, '--encoding=UTF8', '--locale=C', '--no-sync'];
  await run(initdb, [...rest, `--pgdata=${data}`, ...how], { cwd: directory });

  const start = (port: number): Promise<ServerProcess> => {
    const settings = [
      `port=${port}`,
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
      'shared_buffers=32MB',
      `fsync=${options.fsync === false ? 'off' : 'on'}`,
      ...(options.settings ?? []),
    ];
    const [path, ...before] = runAs(owner, join(programs, 'postgres'));
    const args = [...before, '-D', data, ...settings.flatMap((setting) => ['-c', setting])];
    return startProcess(path, args, directory, async (pid) => saysReady(data, pid));
  };

  const { port, running } = await startOnPort(options.port, start);
  let current = running;
  const url = `postgres://${USER}@127.0.0.1:${port}/postgres`;
  const end = async () => {
    // "Fast": SIGTERM alone waits until the last client has gone.
    if (isRunning(current.pid)) process.kill(current.pid, 'SIGINT');
    await current.stop();
  };
  return {
    url,
    port,
    get pid() {
      return current.pid;
    },
    freshDatabase: () => createDatabase(programs, url),
    async stop() {
      await end();
      removeDirectory(directory);
    },
    kill: () => current.kill(),
    async restart() {
      await end();
      for (let attempt = 1; ; attempt++) {
        try {
          current = await start(port);
          return;
        } catch (error) {
          if (attempt === RESTART_TRIES) throw error;
          await new Promise((resolve) => setTimeout(resolve, RESTART_PAUSE_MS));
        }
      }
    },
  };
}

/** Makes a database at the server of this URL, and answers the URL with its name. */
async function createDatabase(programs: string, server: string): Promise<string> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await run(join(programs, 'psql'), ['-X', '-q', '-c', `create database ${name}`, server]);
  return new URL(name, server).href;
}

/** PostgreSQL writes its state into the eighth line of its pid file. */
function saysReady(data: string, pid: number): boolean {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return false;
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function locatePrograms(): Promise<string> {
  const found = findPrograms();
  if (found !== null) return found;
  const located = await locateProgram(PROGRAM);
  if (located.status === 'missing') throw new ProgramMissing(located);
  const installed = findPrograms();
  if (installed === null) throw new ProgramMissing(notWhereExpected());
  return installed;
}

/** The folder of the server's programs: Debian's newest, else where the PATH finds `postgres`. */
function findPrograms(): string | null {
  const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER) : [];
  const folders = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(DEBIAN_FOLDER, version, 'bin'))
    .filter((folder) => existsSync(join(folder, 'postgres')));
  const onPath = findOnPath('postgres');
  return folders[0] ?? (onPath === null ? null : dirname(onPath));
}

function notWhereExpected(): MissingProgram {
  const reason = `postgres is neither in ${DEBIAN_FOLDER}/*/bin nor on the PATH`;
  return { status: 'missing', reason, command: `apt-get install -y ${PROGRAM.debianPackage}` };
}
