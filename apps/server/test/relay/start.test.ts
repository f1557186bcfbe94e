import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { connect } from 'node:tls';
import { startRedis } from '@blindpost/testbed/redis';
import {
  ServerNotStarted,
  type ServerOptions,
  startServer,
  type TestServer,
} from '@blindpost/testbed/server';
import { wireRequest } from '@blindpost/testbed/wire-http';
import { openSocket } from '@blindpost/testbed/wire-socket';

const directory = mkdtempSync(join(tmpdir(), 'blindpost-start-'));
const started: TestServer[] = [];
after(async () => {
  await Promise.all(started.map((server) => server.stop()));
  rmSync(directory, { recursive: true, force: true });
});

const ADMIN = 'an-admin-key-of-more-than-32-characters-000';
const SECRET = 'a-secret-for-tests-that-is-long-enough-0123456789';

/** Starts a server that ends with the suite, whatever fails before. */
async function start(options: ServerOptions): Promise<TestServer> {
  const server = await startServer(options);
  started.push(server);
  return server;
}

/** Starts what must not start; answers what it wrote. */
async function refused(options: ServerOptions): Promise<string> {
  try {
    await start(options);
  } catch (error) {
    if (!(error instanceof ServerNotStarted)) throw error;
    assert.notEqual(error.code, 0, error.message);
    assert.notEqual(error.code, null, error.message);
    return `${error.stdout}\n${error.stderr}`;
  }
  return assert.fail('the server started');
}

async function starts(options: ServerOptions): Promise<void> {
  const server = await start(options);
  assert.equal(await server.stop(), 0);
}

function certificate(): { key: string; cert: string } {
  const folder = mkdtempSync(join(directory, 'tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore',
  });
  return { key, cert };
}

describe('start', { concurrency: 2 }, () => {
  test('production refuses to start without ADMIN_API_KEY, BLINDPOST_SECRET or TLS, and names what is missing', async () => {
    const production = { NODE_ENV: 'production', HOST: '0.0.0.0', TRUSTED_PROXIES: '127.0.0.1' };
    const full = { ...production, ADMIN_API_KEY: ADMIN, BLINDPOST_SECRET: SECRET };
    const bare = await refused({ env: production });
    for (const name of [/ADMIN_API_KEY/, /BLINDPOST_SECRET/]) assert.match(bare, name);
    assert.match(await refused({ env: { ...full, ADMIN_API_KEY: 'short' } }), /ADMIN_API_KEY/);
    assert.match(await refused({ env: { ...full, TRUSTED_PROXIES: undefined } }), /TLS_CERT|TRUSTED_PROXIES/);
    await starts({ env: full });
    await starts({ env: { ...full, HOST: '127.0.0.1', TRUSTED_PROXIES: undefined } });
  });

  test('a HOST that is not loopback is production, whatever NODE_ENV says', async () => {
    const output = await refused({ env: { NODE_ENV: 'development', HOST: '0.0.0.0' } });
    assert.match(output, /ADMIN_API_KEY|BLINDPOST_SECRET|TLS_CERT/);
  });

  test('health says production there', async () => {
    const env = { NODE_ENV: 'production', ADMIN_API_KEY: ADMIN, BLINDPOST_SECRET: SECRET };
    const server = await start({ env });
    assert.equal((await wireRequest(`${server.url}/health`)).json.environment, 'production');
    assert.equal(await server.stop(), 0);
  });

  test('an unknown setting is refused with the nearest right one', async () => {
    const misspelt = { RELAY_POW_DIFICULTY: '4', RELAY_LIMIT_FRAME: '4', BLINDPOST_SECRETS: SECRET };
    const said = await refused({ env: misspelt });
    assert.match(said, /RELAY_POW_DIFICULTY.*RELAY_POW_DIFFICULTY/);
    assert.match(said, /RELAY_LIMIT_FRAME\b.*RELAY_LIMIT_FRAMES/);
    assert.match(said, /BLINDPOST_SECRETS.*BLINDPOST_SECRET\b/);
  });

  test('a wrong value is refused by the name of its setting', async () => {
    // Every fault of a start is told, so that one start tells many.
    const wrong: Record<string, string>[] = [
      {
        PORT: 'http',
        RELAY_POW_DIFFICULTY: '-1',
        RELAY_POW_UNIT: 'bytes',
        RELAY_COMPAT_SENDER: 'perhaps',
        RELAY_LIMIT_FRAMES: '1.5',
        RELAY_REDIS_URL: 'not a url',
        TRUSTED_PROXIES: 'everyone',
        PUBLIC_URL: 'relay.example',
      },
      { PORT: '70000', RELAY_POW_DIFFICULTY: '33' },
      { RELAY_POW_DIFFICULTY: 'many' },
    ];
    for (const env of wrong) {
      const faults = (await refused({ env })).split('\n');
      for (const name of Object.keys(env)) {
        assert.equal(faults.filter((fault) => fault.includes(name)).length, 1, `${name}: ${faults}`);
      }
    }
  });

  test('--print-config shows every setting of the relay with its default and no secret', async () => {
    const env = {
      ADMIN_API_KEY: ADMIN,
      BLINDPOST_SECRET: SECRET,
      RELAY_REDIS_URL: 'redis://user:password-x@127.0.0.1:1',
    };
    const limits = ['CONNECTIONS', 'SOCKETS', 'CHALLENGES', 'REQUESTS', 'FRAMES', 'JAIL', 'MEMORY'];
    const defaults = Object.fromEntries(limits.map((name) => [`RELAY_LIMIT_${name}`, undefined]));
    const attempt = startServer({
      env: { ...env, ...defaults, RELAY_POW_DIFFICULTY: undefined },
      args: ['--print-config'],
    });
    const error = await attempt.then(
      async (server) => assert.fail(`started: ${await server.stop()}`),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof ServerNotStarted);
    assert.equal(error.code, 0);
    const values = [50, 20_000, 600, 150, 200, 5, 268_435_456];
    for (const [n, name] of limits.entries()) {
      assert.match(error.stdout, new RegExp(`RELAY_LIMIT_${name}\\W+${values[n]}\\b`));
    }
    assert.match(error.stdout, /ADMIN_API_KEY/);
    for (const secret of [ADMIN, SECRET, 'password-x']) {
      assert.equal(`${error.stdout}${error.stderr}`.includes(secret), false);
    }
  });

  test('in development both secrets are made once, mode 0600, and only the path is printed', async () => {
    const data = join(directory, 'data');
    const first = await start({ env: { DATA_DIR: data } });
    const output = `${first.stdout}${first.stderr}`;
    await first.stop();
    const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    assert.ok(files.length >= 2, `${files.map(({ name }) => name)}`);
    const read = () => files.map(({ name }) => readFileSync(join(data, name), 'utf8'));
    const secrets = read();
    for (const { name } of files) assert.equal(statSync(join(data, name)).mode & 0o777, 0o600, name);
    for (const secret of secrets) assert.equal(output.includes(secret.trim()), false, 'the value is printed');
    assert.ok(output.includes(data), 'the path is printed');
    await starts({ env: { DATA_DIR: data } });
    assert.deepEqual(read(), secrets);
  });

  test('a shared store makes BLINDPOST_SECRET required in production, and instances agree by it', async () => {
    const redis = await startRedis();
    try {
      const env = { NODE_ENV: 'production', ADMIN_API_KEY: ADMIN, RELAY_REDIS_URL: redis.url };
      assert.match(await refused({ env }), /BLINDPOST_SECRET/);
      await starts({ env: { ...env, BLINDPOST_SECRET: SECRET } });
    } finally {
      await redis.stop();
    }
  });

  test('Redis that evicts is refused, Redis that persists is warned about', async () => {
    const evicting = await startRedis({ args: ['--maxmemory-policy', 'allkeys-lru'] });
    const persisting = await startRedis({ args: ['--appendonly', 'yes'] });
    try {
      const secret = { BLINDPOST_SECRET: SECRET };
      assert.match(await refused({ env: { ...secret, RELAY_REDIS_URL: evicting.url } }), /noeviction/);
      const server = await start({ env: { ...secret, RELAY_REDIS_URL: persisting.url } });
      const output = `${server.stdout}${server.stderr}`;
      assert.equal(await server.stop(), 0);
      assert.match(output, /persist|appendonly|disk/i);
    } finally {
      await Promise.all([evicting.stop(), persisting.stop()]);
    }
  });

  test('with a certificate it speaks TLS 1.3 and nothing older, on HTTP and on the socket', async () => {
    const { key, cert } = certificate();
    const ca = readFileSync(cert, 'utf8');
    const server = await start({ env: { TLS_KEY: key, TLS_CERT: cert } });
    assert.match(server.url, /^https:/);
    assert.equal((await wireRequest(`${server.url}/health`, { ca })).status, 200);
    const socket = await openSocket(server.url, { ca });
    socket.send({ type: 'ping', timestamp: 1 });
    await socket.next('pong');
    socket.terminate();
    const { port } = new URL(server.url);
    const speak = (maxVersion: 'TLSv1.2' | 'TLSv1.3') =>
      new Promise<string | null>((resolve, reject) => {
        const tls = connect({ port: Number(port), host: '127.0.0.1', ca, minVersion: 'TLSv1.2', maxVersion });
        tls.once('secureConnect', () => {
          resolve(tls.getProtocol());
          tls.destroy();
        });
        tls.once('error', reject);
      });
    assert.equal(await speak('TLSv1.3'), 'TLSv1.3');
    await assert.rejects(speak('TLSv1.2'));
    await assert.rejects(wireRequest(`${server.url.replace('https:', 'http:')}/health`));
    assert.equal(await server.stop(), 0);
  });

  test('half a TLS setting, or a certificate that is none, is refused', async () => {
    const { key } = certificate();
    assert.match(await refused({ env: { TLS_KEY: key } }), /TLS_CERT/);
    assert.match(await refused({ env: { TLS_KEY: key, TLS_CERT: join(directory, 'none.pem') } }), /TLS_CERT/);
  });
});
