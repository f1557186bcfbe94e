import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod } from 'node:fs/promises';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type MariadbServer, mariadbMissing, startMariadb } from './mariadb.js';
import { freePort } from './ports.js';
import { removeDirectory, temporaryDirectory } from './process.js';

describe('MariaDB of the test bed', { skip: await mariadbMissing() }, () => {
  let mariadb: MariadbServer;
  before(async () => {
    mariadb = await startMariadb();
  });
  after(() => mariadb.stop());

  test('nobody but its own user gets in over the network, and that one from here only', async () => {
    const hosts = await mariadb.sql("select user, host from mysql.user where host <> 'localhost'");
    assert.deepEqual(hosts, ['blindpost\t127.0.0.1']);
  });

  test('fresh databases are empty and apart', async () => {
    const [one, two] = [await mariadb.freshDatabase(), await mariadb.freshDatabase()].map(nameOf);
    await mariadb.sql(`create table ${one}.here (id int)`);
    assert.deepEqual(await mariadb.sql(`show tables in ${one}`), ['here']);
    assert.deepEqual(await mariadb.sql(`show tables in ${two}`), []);
  });

  test('what was committed is there after kill and restart, on the same port', async () => {
    const database = nameOf(await mariadb.freshDatabase());
    await mariadb.sql(`create table ${database}.kept (id int); insert into ${database}.kept values (7)`);
    const first = mariadb.pid;
    await mariadb.kill();
    await assert.rejects(greeting(mariadb.port));
    await mariadb.restart();
    assert.notEqual(mariadb.pid, first);
    assert.match(await greeting(mariadb.port), /MariaDB/);
    await mariadb.restart();
    assert.deepEqual(await mariadb.sql(`select id from ${database}.kept`), ['7']);
  });

  test('paused it accepts and is silent, resumed it speaks', async () => {
    mariadb.pause();
    const socket = connect(mariadb.port, '127.0.0.1');
    await once(socket, 'connect');
    const silent = await Promise.race([
      once(socket, 'data').then(() => false),
      new Promise((resolve) => setTimeout(() => resolve(true), 100)),
    ]);
    assert.equal(silent, true);
    const spoke = once(socket, 'data');
    mariadb.resume();
    assert.match(String(await spoke), /MariaDB/);
    socket.destroy();
  });

  test('settings that MariaDB refuses are reported with its own words', async () => {
    await assert.rejects(
      startMariadb({ port: await freePort(), args: ['--no-such-setting'] }),
      /no-such-setting/,
    );
  });

  // Without the kernel's parent-death signal nothing can be done about SIGKILL.
  const skip = process.platform !== 'linux' ? 'no parent-death signal here' : false;
  test('it dies with a test process ended by SIGKILL', { skip }, async () => {
    const module = fileURLToPath(new URL('./mariadb.js', import.meta.url));
    const source = `import { startMariadb } from ${JSON.stringify(module)};
      process.stdout.write(String((await startMariadb()).pid));
      setInterval(() => {}, 1000);`;
    const directory = await temporaryDirectory('orphan');
    // MariaDB runs as another user, who must reach its folder in here.
    await chmod(directory, 0o755);
    const parent = spawn(process.execPath, ['--input-type=module', '-e', source], {
      env: { ...process.env, TMPDIR: directory },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [pid] = await once(parent.stdout, 'data');
    assert.equal(process.kill(Number(pid), 0), true);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await gone(Number(pid));
    removeDirectory(directory);
  });
});

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

/** What the server says first. */
async function greeting(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const [data] = await once(socket, 'data');
  socket.destroy();
  return String(data);
}

/** Answers when the process is no more; the runner's time limit is the guard. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
