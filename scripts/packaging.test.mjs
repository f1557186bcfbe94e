import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { ROOT } from './root.mjs';

const read = (path) => readFileSync(join(ROOT, path), 'utf8');
const compose = parse(read('compose.yaml'));
const instructions = read('Dockerfile')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.match(/^(?<name>[A-Z]+) (?<rest>.*)$/).groups);
const the = (name) => instructions.filter((instruction) => instruction.name === name).map(({ rest }) => rest);

describe('the image', () => {
  test('every stage begins at a tagged image or at an earlier stage', () => {
    const stages = [];
    for (const from of the('FROM')) {
      const [image, , stage] = from.split(' ');
      assert.ok(stages.includes(image) || /:(?!latest)/.test(image), from);
      stages.push(stage);
    }
    assert.ok(stages.length > 1);
  });

  test('what it copies out of the build is there after a build', () => {
    const copied = the('COPY').filter((rest) => rest.startsWith('--from='));
    assert.ok(copied.length > 0);
    for (const rest of copied) {
      const [, from, to] = rest.split(' ');
      assert.equal(from, `/opt/blindpost/${to}`);
      assert.ok(existsSync(join(ROOT, to)), to);
    }
  });

  test('it runs the command as somebody who is not root', () => {
    const last = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
    const user = last.findIndex(({ name }) => name === 'USER');
    const command = last.findIndex(({ name }) => name === 'CMD');
    assert.ok(user > 0 && user < command);
    assert.ok(!['root', '0'].includes(last[user].rest));
    const [program, script] = JSON.parse(last[command].rest);
    assert.equal(program, 'node');
    assert.ok(existsSync(join(ROOT, script)), script);
  });

  test('its health check follows the status of /health', async () => {
    const [check] = the('HEALTHCHECK');
    const [, script, ...args] = JSON.parse(check.slice(check.indexOf('[')));
    let status = 200;
    const asked = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(status).end();
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const env = { PATH: process.env.PATH, PORT: String(server.address().port) };
    const run = () => promisify(execFile)(process.execPath, [script, ...args], { env });
    await run();
    status = 503;
    await assert.rejects(run(), { code: 1 });
    server.close();
    await assert.rejects(run(), { code: 1 });
    assert.deepEqual(asked, ['/health', '/health']);
  });

  test('no secret, no history and nothing built elsewhere goes into it', () => {
    const ignored = read('.dockerignore').split('\n');
    for (const path of ['**/node_modules', '**/dist', '.git', '.env', 'data', 'tls']) {
      assert.ok(ignored.includes(path), path);
    }
  });
});

describe('the composition', () => {
  const { blindpost, redis, postgres } = compose.services;

  test('secrets and the public address have no default', () => {
    for (const name of ['ADMIN_API_KEY', 'BLINDPOST_SECRET', 'PUBLIC_URL']) {
      assert.match(blindpost.environment[name], new RegExp(`^\\$\\{${name}:\\?.+\\}$`));
    }
  });

  test('Redis is of version 7, in memory only, and never evicts', () => {
    assert.match(redis.image, /^redis:7\b/);
    assert.match(redis.command, /--save "" /);
    assert.match(redis.command, /--appendonly no /);
    assert.match(redis.command, /--maxmemory-policy noeviction$/);
    assert.equal(redis.volumes, undefined);
    assert.ok(redis.tmpfs.includes('/data'));
  });

  test('only Blindpost is reachable from outside, and it waits for a healthy Redis', () => {
    for (const store of [redis, postgres]) {
      assert.equal(store.ports, undefined);
      assert.deepEqual(store.networks, ['inside']);
      assert.ok(store.healthcheck.test.length > 1);
    }
    assert.equal(compose.networks.inside.internal, true);
    assert.equal(blindpost.depends_on.redis.condition, 'service_healthy');
  });

  test('the server knows every setting that the composition and the image name', () => {
    const image = Object.fromEntries(
      the('ENV').flatMap((rest) => rest.split(' ').map((pair) => pair.split('='))),
    );
    const given = { ADMIN_API_KEY: 'a'.repeat(32), BLINDPOST_SECRET: 'b'.repeat(32) };
    const filled = { ...given, PUBLIC_URL: 'https://relay.example.org', TRUSTED_PROXIES: '172.16.0.0/12' };
    const settings = Object.fromEntries(
      Object.entries(blindpost.environment).map(([name, value]) => [
        name,
        value.replace(/\$\{(\w+)[^}]*\}/g, (_, variable) => filled[variable] ?? ''),
      ]),
    );
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'apps/cli/bin/blindpost.js'), 'serve', '--print-config'],
      { encoding: 'utf8', env: { PATH: process.env.PATH, ...image, ...settings } },
    );
    assert.equal(status, 0, stderr);
    for (const name of Object.keys({ ...image, ...settings }))
      assert.match(stdout, new RegExp(`^${name}=`, 'm'));
  });
});
