import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AttestAnswer, RegisterAttesterAnswer } from '@blindpost/protocol/identity';
import { removeDirectory, temporaryDirectory } from '@blindpost/testbed/process';
import { ServerNotStarted, startServer } from '@blindpost/testbed/server';
import { IdentityWire } from '@blindpost/testbed/wire-identity';
import { assertOk } from '../relay/answers.js';
import { entity } from './house.js';
import { sealedKeys } from './sealed.js';
import { ADMIN, SECRET } from './stage.js';

const PRODUCTION = { NODE_ENV: 'production', ADMIN_API_KEY: ADMIN, BLINDPOST_SECRET: SECRET };

test('the database of a production server holds no key in clear, neither of an attester nor of the API', async () => {
  const directory = await temporaryDirectory('identity-secrets');
  const server = await startServer({
    services: ['identity'],
    env: { ...PRODUCTION, DATA_DIR: directory },
  });
  try {
    const wire = new IdentityWire(server.url, ADMIN);
    const keys: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const body = { id: `lab-${n}`, name: 'Lab', allowedTypes: ['AI.CA'] };
      const { apiKey } = assertOk(await wire.register(body), RegisterAttesterAnswer);
      const claim = { entityCommitment: entity(n).commitment.toString(), entityType: 'AI.CA' };
      assertOk(await wire.attest(claim, apiKey), AttestAnswer);
      keys.push(apiKey);
    }
    // Written as it lies on disk now, log included, and as it lies there after the end.
    const files = () => readdirSync(directory).map((name) => readFileSync(join(directory, name)));
    const running = files();
    assert.equal(await server.stop(), 0);
    const bytes = Buffer.concat([...running, ...files()]);
    assert.ok(bytes.includes('lab-4'), 'this is where attesters are');
    const privateKeys = new Set(sealedKeys(bytes, SECRET).map(({ privateKey }) => privateKey));
    assert.equal(privateKeys.size, 5, 'the sealed keys are there, for whoever has the secret');
    for (const secret of [...keys, ...privateKeys, ADMIN, SECRET]) {
      assert.ok(!bytes.includes(secret), 'a secret as text');
      if (!/^[0-9a-f]{64}$/.test(secret)) continue;
      const raw = Buffer.from(secret, 'hex');
      assert.ok(!bytes.includes(raw), 'a secret as bytes');
      assert.ok(!bytes.includes(raw.toString('base64').slice(0, -2)), 'a secret in Base64');
    }
    assert.doesNotMatch(server.stdout + server.stderr, new RegExp([...keys, ...privateKeys].join('|')));
  } finally {
    await server.stop();
    removeDirectory(directory);
  }
});

test('a server in production does not start without a key of its own', async () => {
  const faults = async (env: Record<string, string | undefined>): Promise<string> => {
    try {
      await (await startServer({ services: ['identity'], env })).stop();
      return 'it started';
    } catch (error) {
      assert.ok(error instanceof ServerNotStarted);
      assert.equal(error.code, 1);
      return error.stderr;
    }
  };
  assert.match(await faults({ ...PRODUCTION, ADMIN_API_KEY: undefined }), /ADMIN_API_KEY is required/);
  // What stands in the document's example.
  assert.match(
    await faults({ ...PRODUCTION, ADMIN_API_KEY: 'your-admin-key-here' }),
    /ADMIN_API_KEY must be/,
  );
  assert.match(await faults({ ...PRODUCTION, BLINDPOST_SECRET: undefined }), /BLINDPOST_SECRET is required/);
});

test('a development attester does not survive into production', async () => {
  const directory = await temporaryDirectory('identity-development');
  const env = { DATA_DIR: directory, ADMIN_API_KEY: ADMIN, BLINDPOST_SECRET: SECRET };
  const claim = { entityCommitment: '1', entityType: 'AI.CA', attester: 'development' };
  try {
    const development = await startServer({ services: ['identity'], env });
    const attested = await new IdentityWire(development.url, ADMIN).attest(claim);
    const { registryRoot } = assertOk(attested, AttestAnswer);
    await development.stop();
    const production = await startServer({ services: ['identity'], env: { ...env, NODE_ENV: 'production' } });
    const wire = new IdentityWire(production.url, ADMIN);
    assert.equal((await wire.attest(claim)).status, 401);
    assert.deepEqual((await wire.get('/registry/attesters')).json, { attesters: [] });
    const { roots } = (await wire.get('/registry/roots')).json;
    assert.ok(!JSON.stringify(roots).includes(registryRoot));
    await production.stop();
    // And back: there is one again.
    const again = await startServer({ services: ['identity'], env });
    assertOk(await new IdentityWire(again.url, ADMIN).attest(claim), AttestAnswer);
    await again.stop();
  } finally {
    removeDirectory(directory);
  }
});
