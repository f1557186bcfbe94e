/** A real MariaDB on a free loopback port, its data in a temporary folder that is gone with its test. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startOnPort } from './ports.js';
import { removeDirectory, type ServerProcess, startProcess, temporaryDirectory } from './process.js';
import { runAs, unprivileged } from './process.owner.js';
import { findOnPath, locateProgram, ProgramMissing, skipWithout } from './process.program.js';

const run = promisify(execFile);

/** The server itself lies in a folder that is not on everybody's PATH; this one of the same package is. */
const PROGRAM = { command: 'mariadb-install-db', debianPackage: 'mariadb-server' };
const SERVER = '/usr/sbin/mariadbd';
const USER = 'blindpost';
/** As an operator's may be: it needs escaping in a URL. */
const PASSWORD = 'p%40ss word';

export interface MariadbOptions {
  /** Default: a free one. */
  port?: number;
  /** Further settings of mariadbd, as on its command line. */
  args?: readonly string[];
}

export interface MariadbServer {
  /** Of the user `blindpost`, who has all rights on the databases that were made here and on nothing else. */
  readonly url: string;
  readonly port: number;
  /** Of the process running now; changes with `restart`. */
  readonly pid: number;
  /** Makes an empty database and answers its URL, so that suites can share one server. */
  freshDatabase(): Promise<string>;
  /** Runs statements as the server's administrator; answers the rows, columns parted by tabs. */
  sql(statements: string): Promise<string[]>;
  /** SIGSTOP: it accepts connections and answers nothing. */
  pause(): void;
  resume(): void;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
  /** SIGKILL: connections drop at once; the data stays. */
  kill(): Promise<void>;
  /** Ends it if it runs and starts it on the same port and data. */
  restart(): Promise<void>;
}

/** The value for `skip` of a suite that needs MariaDB: false, or why it cannot run here. */
export function mariadbMissing(): Promise<string | false> {
  return skipWithout(PROGRAM);
}

/** @throws ProgramMissing when MariaDB is not to be had; Error when it does not start. */
export async function startMariadb(options: MariadbOptions = {}): Promise<MariadbServer> {
  const program = await locateProgram(PROGRAM);
  if (program.status === 'missing') throw new ProgramMissing(program);
  const directory = await temporaryDirectory('mariadb');
  const owner = await unprivileged('mysql');
  if (owner !== null) await chown(directory, owner.uid, owner.gid);

  const data = join(directory, 'data');
  const socket = join(directory, 'socket');
  const place = ['--no-defaults', `--datadir=${data}`, `--tmpdir=${directory}`, '--innodb-log-file-size=8M'];
  const [install, ...before] = runAs(owner, program.path);
  // The administrator is who we are to the system, and comes through the socket only.
  const us = userInfo().username;
  const accounts = ['--auth-root-authentication-method=socket', `--auth-root-socket-user=${us}`];
  await run(install, [...before, ...place, ...accounts, '--skip-test-db'], { cwd: directory });

  const start = (port: number): Promise<ServerProcess> => {
    const pidFile = join(directory, 'pid');
    const [path, ...user] = runAs(owner, findOnPath('mariadbd') ?? SERVER);
    const listen = [
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      `--socket=${socket}`,
      '--skip-name-resolve',
    ];
    const small = ['--innodb-buffer-pool-size=16M', '--performance-schema=OFF'];
    const args = [...user, ...place, ...listen, ...small, `--pid-file=${pidFile}`, ...(options.args ?? [])];
    // It writes the file when it has bound its port and is about to accept.
    return startProcess(path, args, directory, async (pid) => reads(pidFile, pid));
  };

  const { port, running } = await startOnPort(options.port, start);
  let current = running;
  let databases = 0;

  const client = ['--no-defaults', `--socket=${socket}`, `--user=${us}`, '--batch', '--skip-column-names'];
  const sql = async (statements: string) => {
    const { stdout } = await run('mariadb', [...client, `--execute=${statements}`]);
    return stdout.split('\n').filter((line) => line !== '');
  };
  const freshDatabase = async () => {
    const name = `test_${++databases}`;
    // The user exists on this address only.
    const account = `'${USER}'@'127.0.0.1'`;
    await sql(
      `create database ${name}; create user if not exists ${account} identified by '${PASSWORD}';
       grant all on ${name}.* to ${account}`,
    );
    return `mysql://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${name}`;
  };
  return {
    url: await freshDatabase(),
    port,
    get pid() {
      return current.pid;
    },
    freshDatabase,
    sql,
    pause: () => process.kill(current.pid, 'SIGSTOP'),
    resume: () => process.kill(current.pid, 'SIGCONT'),
    async stop() {
      await current.stop();
      removeDirectory(directory);
    },
    kill: () => current.kill(),
    async restart() {
      await current.stop();
      current = await start(port);
    },
  };
}

function reads(pidFile: string, pid: number): boolean {
  return existsSync(pidFile) && readFileSync(pidFile, 'utf8').trim() === String(pid);
}
