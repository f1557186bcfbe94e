import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort } from './ports.js';
import { removeDirectory, temporaryDirectory } from './process.js';
import { redisMissing, startRedis } from './redis.js';

describe('Redis of the test bed', { skip: await redisMissing() }, () => {
  test('it keeps nothing on disk and never evicts', async () => {
    const redis = await startRedis();
    try {
      assert.match(await ask(redis.port, 'CONFIG GET maxmemory-policy'), /noeviction/);
      assert.match(await ask(redis.port, 'CONFIG GET appendonly'), /\r\nno\r\n/);
      assert.match(await ask(redis.port, 'CONFIG GET save'), /\$0\r\n\r\n/);
    } finally {
      await redis.stop();
    }
  });

  test('a restart keeps the port and loses the data', async () => {
    const redis = await startRedis({ port: await freePort() });
    try {
      const first = redis.pid;
      assert.match(await ask(redis.port, 'SET key value'), /OK/);
      await redis.restart();
      assert.notEqual(redis.pid, first);
      assert.match(await ask(redis.port, 'EXISTS key'), /:0/);
      await redis.kill();
      await redis.restart();
      assert.match(await ask(redis.port, 'PING'), /PONG/);
    } finally {
      await redis.stop();
    }
  });

  test('a Redis held by SIGSTOP still stops', async () => {
    const redis = await startRedis();
    process.kill(redis.pid, 'SIGSTOP');
    await redis.stop();
    assert.throws(() => process.kill(redis.pid, 0), { code: 'ESRCH' });
  });

  test('settings that Redis refuses are reported with its own words', async () => {
    await assert.rejects(
      startRedis({ port: await freePort(), args: ['--no-such-setting', '1'] }),
      /no-such-setting/,
    );
  });

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    // Without the kernel's parent-death signal nothing can be done about SIGKILL.
    const skip = signal === 'SIGKILL' && process.platform !== 'linux' ? 'no parent-death signal here' : false;
    test(`it dies with a test process ended by ${signal}`, { skip }, async () => {
      const module = fileURLToPath(new URL('./redis.js', import.meta.url));
      const source = `import { startRedis } from ${JSON.stringify(module)};
        process.stdout.write(String((await startRedis()).port));
        setInterval(() => {}, 1000);`;
      const directory = await temporaryDirectory('orphan');
      const parent = spawn(process.execPath, ['--input-type=module', '-e', source], {
        env: { ...process.env, TMPDIR: directory },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [port] = await once(parent.stdout, 'data');
      assert.match(await ask(Number(port), 'PING'), /PONG/);
      parent.kill(signal);
      await once(parent, 'exit');
      await refused(Number(port));
      removeDirectory(directory);
    });
  }
});

/** Answers when nobody listens on the port any more; the runner's time limit is the guard. */
async function refused(port: number): Promise<void> {
  for (;;) {
    try {
      await ask(port, 'PING');
    } catch {
      return;
    }
  }
}

async function ask(port: number, command: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(`${command}\r\n`);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}
