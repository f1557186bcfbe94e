import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type PostgresServer, postgresMissing, startPostgres } from '@blindpost/testbed/postgres';
import { startServer, type TestServer } from '@blindpost/testbed/server';
import { wireRequest } from '@blindpost/testbed/wire-http';
import { IdentityWire } from '@blindpost/testbed/wire-identity';
import { eventually } from '../relay/stage.js';
import { ADMIN, SECRET } from './stage.js';

describe('a PostgreSQL that goes and comes back', { skip: await postgresMissing() }, () => {
  let postgres: PostgresServer;
  let server: TestServer;
  before(async () => {
    postgres = await startPostgres();
    server = await startServer({
      services: ['identity'],
      env: {
        DATABASE_URL: await postgres.freshDatabase(),
        NODE_ENV: 'production',
        ADMIN_API_KEY: ADMIN,
        BLINDPOST_SECRET: SECRET,
      },
    });
  });
  after(async () => {
    await server.stop();
    await postgres.stop();
  });

  test('while it is away what needs it says 503 and when to come back; then all is as it was', async () => {
    const wire = new IdentityWire(server.url, ADMIN);
    const health = async () => (await wireRequest(`${server.url}/health`)).status;
    const lab = { id: 'lab', name: 'Lab', allowedTypes: ['AI.CA'] };
    const key = String((await wire.register(lab)).json.apiKey);
    const before = (await wire.get('/registry')).raw.toString();
    await postgres.kill();
    await eventually('degraded', async () => {
      await wire.get('/registry');
      return (await health()) === 503;
    });
    const claim = { entityCommitment: '1', entityType: 'AI.CA' };
    for (const ask of [
      () => wire.get('/registry'),
      () => wire.get('/registry/leaves'),
      () => wire.attest(claim, key),
      () => wire.register({ ...lab, id: 'other' }),
      () => wire.revoke('lab'),
      () => wire.record({ nullifier: '1', contextId: '1' }),
      () => wire.get('/admin/audit', { key: ADMIN }),
    ]) {
      const answer = await ask();
      assert.equal(answer.status, 503, String(answer));
      assert.equal(answer.json.error, 'unavailable');
      assert.ok(Number(answer.headers['retry-after']) >= 1);
    }
    assert.equal((await wire.get('/types')).status, 200);
    await postgres.restart();
    await eventually('ok again', async () => {
      await wire.get('/registry');
      return (await health()) === 200;
    });
    assert.equal((await wire.get('/registry')).raw.toString(), before);
    assert.equal((await wire.attest(claim, key)).status, 200);
  });
});
