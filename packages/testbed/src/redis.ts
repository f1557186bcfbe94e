/** A real Redis on a free loopback port that keeps nothing on disk, unless asked to, and is gone with its test. */
import { connect } from 'node:net';
import { startOnPort } from './ports.js';
import { removeDirectory, type ServerProcess, startProcess, temporaryDirectory } from './process.js';
import { locateProgram, ProgramMissing, skipWithout } from './process.program.js';

const PROGRAM = { command: 'redis-server', debianPackage: 'redis-server' };

export interface RedisOptions {
  /** Default: a free one. */
  port?: number;
  /** True answers only what is on disk. Default: false. */
  durable?: boolean;
  /** Further settings of redis-server, as on its command line. */
  args?: readonly string[];
}

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Of the process running now; changes with `restart`. */
  readonly pid: number;
  /** Ends it in order and removes its files. */
  stop(): Promise<void>;
  /** SIGKILL: connections drop at once. */
  kill(): Promise<void>;
  /** Ends it if it runs and starts it on the same port, empty unless it is durable. */
  restart(): Promise<void>;
}

/**
 * The value for `skip` of a suite that needs Redis: false, or why it cannot run here.
 * @example
 * describe('bus on Redis', { skip: await redisMissing() }, () => { … });
 */
export function redisMissing(): Promise<string | false> {
  return skipWithout(PROGRAM);
}

/** @throws ProgramMissing when redis-server is not to be had; Error when it does not start. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const program = await locateProgram(PROGRAM);
  if (program.status === 'missing') throw new ProgramMissing(program);
  const directory = await temporaryDirectory('redis');

  const start = (port: number): Promise<ServerProcess> => {
    const settings = ['--bind', '127.0.0.1', '--port', String(port), '--dir', directory];
    const log = options.durable === true ? ['yes', '--appendfsync', 'always'] : ['no'];
    const kept = ['--save', '', '--appendonly', ...log, '--maxmemory-policy', 'noeviction'];
    const args = [...settings, ...kept, ...(options.args ?? [])];
    return startProcess(program.path, args, directory, (pid) => answersAs(port, pid));
  };

  const { port, running } = await startOnPort(options.port, start);
  let current = running;

  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return current.pid;
    },
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

/** Whether the Redis on this port is process `pid` and ready; a stranger on the port does not count. */
function answersAs(port: number, pid: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('INFO server\r\n'));
    let answer = '';
    socket.setTimeout(1_000, () => socket.destroy());
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      answer += text;
      const found = /process_id:(\d+)\r\n/.exec(answer)?.[1];
      if (found === undefined && !answer.startsWith('-')) return;
      socket.destroy();
      resolve(found === String(pid));
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
