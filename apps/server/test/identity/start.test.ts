/** The names by which the document deploys. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Health } from '@blindpost/protocol/health';
import { freePort } from '@blindpost/testbed/ports';
import { removeDirectory, temporaryDirectory } from '@blindpost/testbed/process';
import { skipWithout } from '@blindpost/testbed/process.program';
import { ServerNotStarted, startServer } from '@blindpost/testbed/server';
import { wireRequest } from '@blindpost/testbed/wire-http';
import { assertOk } from '../relay/answers.js';
import { ADMIN, SECRET } from './stage.js';

describe('the environment of the document', {
  skip: await skipWithout({ command: 'openssl', debianPackage: 'openssl' }),
}, () => {
  let directory = '';
  let files = { HTTPS_KEY: '', HTTPS_CERT: '' };
  before(async () => {
    directory = await temporaryDirectory('identity-start');
    files = { HTTPS_KEY: join(directory, 'key.pem'), HTTPS_CERT: join(directory, 'cert.pem') };
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const out = ['-keyout', files.HTTPS_KEY, '-out', files.HTTPS_CERT];
    execFileSync('openssl', ['req', '-x509', ...kind, ...out, ...subject], { stdio: 'ignore' });
  });
  after(() => removeDirectory(directory));

  test('all of it: HTTPS on its port, the database in its file, assets at the CDN, the environment by its name', async () => {
    const [PORT, HTTPS_PORT] = [await freePort(), await freePort()].map(String);
    const DB_PATH = join(directory, 'ei.db');
    const server = await startServer({
      services: ['identity'],
      env: {
        PORT,
        HTTPS_PORT,
        NODE_ENV: 'production',
        ADMIN_API_KEY: ADMIN,
        BLINDPOST_SECRET: SECRET,
        DB_PATH,
        HTTPS_ENABLED: 'true',
        ...files,
        ASSETS_URL: 'https://cdn.entity-identity.example',
        RAILWAY_ENVIRONMENT: 'staging',
      },
    });
    try {
      assert.equal(server.url, `https://127.0.0.1:${HTTPS_PORT}`);
      const ca = readFileSync(files.HTTPS_CERT, 'utf8');
      const health = assertOk(await wireRequest(`${server.url}/health`, { ca }), Health);
      assert.deepEqual(health.services, { identity: 'ok' });
      assert.deepEqual([health.status, health.environment], ['ok', 'staging']);
      const assets = await wireRequest(`${server.url}/api/v1/proving/assets`, { ca });
      assert.match(
        String(assets.raw),
        /https:\/\/cdn\.entity-identity\.example\/assets\/entity_type_proof\.wasm/,
      );
      assert.equal((await wireRequest(`${server.url}/api/v1/registry`, { ca })).status, 200);
      assert.ok(existsSync(DB_PATH));
      await assert.rejects(wireRequest(`http://127.0.0.1:${PORT}/health`), 'nothing listens in clear');
    } finally {
      await server.stop();
    }
  });

  test('the name of an environment changes nothing else', async () => {
    const server = await startServer({ services: ['identity'], env: { RAILWAY_ENVIRONMENT: 'production' } });
    try {
      const health = assertOk(await wireRequest(`${server.url}/health`), Health);
      assert.equal(health.environment, 'production');
      const attesters = await wireRequest(`${server.url}/api/v1/registry/attesters`);
      assert.match(String(attesters.raw), /"development":true/, 'it is none all the same');
    } finally {
      await server.stop();
    }
  });

  test('half of HTTPS, or HTTPS said twice, is refused', async () => {
    for (const [env, fault] of [
      [{ HTTPS_KEY: files.HTTPS_KEY }, /HTTPS_CERT and HTTPS_KEY are required/],
      [
        { ...files, TLS_CERT: files.HTTPS_CERT, TLS_KEY: files.HTTPS_KEY },
        /TLS_CERT and TLS_KEY say the same/,
      ],
      [{ ...files, HTTPS_CERT: join(directory, 'none.pem') }, /cannot be read/],
    ] as const) {
      const starting = startServer({
        services: ['identity'],
        env: { HTTPS_ENABLED: 'true', HTTPS_PORT: '0', ...env },
      });
      await assert.rejects(starting, (error) => {
        assert.ok(error instanceof ServerNotStarted);
        assert.match(error.stderr, fault);
        return true;
      });
    }
  });
});
