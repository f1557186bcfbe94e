import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { makeIdentity } from '@blindpost/testbed/keys';
import { wireRequest } from '@blindpost/testbed/wire-http';
import { onEveryDatabase } from './stage.js';

await onEveryDatabase(
  'logs and metrics',
  (stage) => {
    test('show no token, id, key, address, challenge or signature, whatever is done or goes wrong', async () => {
      const from = '127.0.31.1';
      const account = await stage.account({ from });
      const { id, publicKey, token } = account;
      const challenged = await stage.post('/challenge', { accountId: id }, { from });
      const challenge = String(challenged.json.challenge);
      const signature = makeIdentity().sign('a text');
      await stage.post('/token', { accountId: id, challenge, signature }, { from });
      await stage.post('/token', { accountId: 'id-to-look-for', challenge, signature }, { from });
      await stage.probe('a.token.to-look-for');
      await stage.probe(token);
      await stage.request(`/path-to-look-for?query-to-look-for=${randomUUID()}`);
      await stage.revoke(token);
      await stage.erase(await account.login());

      const metrics = (await wireRequest(`${stage.url}/metrics`)).raw.toString();
      const said = stage.server.stdout + stage.server.stderr + metrics;
      assert.match(said, /\/api\/accounts\/token/, 'something is logged');
      const parts = [...token.split('.'), ...account.token.split('.')].filter((part) => part.length > 40);
      for (const text of [id, publicKey, from, challenge, signature, 'to-look-for', ...parts]) {
        assert.equal(said.includes(text), false, text);
      }
    });
  },
  { env: { LOG_LEVEL: 'trace' }, databases: ['sqlite'] },
);
