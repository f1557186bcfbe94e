import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod } from 'node:fs/promises';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from './ports.js';
import { type PostgresServer, postgresMissing, startPostgres } from './postgres.js';
import { removeDirectory, temporaryDirectory } from './process.js';

describe('PostgreSQL of the test bed', { skip: await postgresMissing() }, () => {
  let postgres: PostgresServer;
  before(async () => {
    postgres = await startPostgres();
  });
  after(() => postgres.stop());

  test('fresh databases are empty and apart', async () => {
    const [one, two] = [await postgres.freshDatabase(), await postgres.freshDatabase()];
    await ask(one, 'create table here (id int)');
    assert.equal(await ask(one, "select count(*) from pg_tables where schemaname = 'public'"), '1');
    assert.equal(await ask(two, "select count(*) from pg_tables where schemaname = 'public'"), '0');
  });

  test('what was committed is there after kill and restart, on the same port', async () => {
    const url = await postgres.freshDatabase();
    await ask(url, 'create table kept (id int); insert into kept values (7)');
    const first = postgres.pid;
    await postgres.kill();
    await assert.rejects(ask(url, 'select 1'));
    await postgres.restart();
    assert.notEqual(postgres.pid, first);
    assert.equal(await ask(url, 'select id from kept'), '7');
    await postgres.restart();
    assert.equal(await ask(url, 'select id from kept'), '7');
  });

  test('it stops with clients connected, even when held by SIGSTOP', async () => {
    const held = await startPostgres({ fsync: false });
    const client = connect(held.port, '127.0.0.1');
    client.on('error', () => undefined);
    await once(client, 'connect');
    process.kill(held.pid, 'SIGSTOP');
    await held.stop();
    assert.throws(() => process.kill(held.pid, 0), { code: 'ESRCH' });
  });

  test('settings that PostgreSQL refuses are reported with its own words', async () => {
    await assert.rejects(
      startPostgres({ port: await freePort(), settings: ['no_such_setting=1'] }),
      /no_such_setting/,
    );
  });

  // Without the kernel's parent-death signal nothing can be done about SIGKILL.
  const skip = process.platform !== 'linux' ? 'no parent-death signal here' : false;
  test('it dies with a test process ended by SIGKILL', { skip }, async () => {
    const module = fileURLToPath(new URL('./postgres.js', import.meta.url));
    const source = `import { startPostgres } from ${JSON.stringify(module)};
      process.stdout.write(String((await startPostgres()).pid));
      setInterval(() => {}, 1000);`;
    const directory = await temporaryDirectory('orphan');
    // PostgreSQL runs as another user, who must reach its folder in here.
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

/** Answers when the process is no more; the runner's time limit is the guard. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function ask(url: string, statements: string): Promise<string> {
  const { stdout } = await promisify(execFile)('psql', ['-X', '-q', '-A', '-t', '-c', statements, url]);
  return stdout.trim();
}
