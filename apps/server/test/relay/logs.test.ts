import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeIdentity } from '@blindpost/testbed/keys';
import { onEveryStore } from './stage.js';

await onEveryStore(
  'logs',
  (stage) => {
    test('no address, hash, key, name, seed, token or payload stands in the logs, at the loudest level', async () => {
      const [identity, peer] = [makeIdentity(), makeIdentity()];
      const client = stage.client('127.0.8.8');
      await client.upload(identity);
      await client.claimNickname(identity, 'logged-nickname');
      const { seed } = await client.challenge({ type: 'auth', identity_hash: identity.hash });
      await client.get(`/keys/fetch?user=${identity.hash}`);
      await client.get('/nickname/lookup?nick=logged-nickname&secret-query=1');
      await client.get('/secret-path/secret-tail?secret-query=1', { 'x-secret': 'secret-header' });
      await client.post('/relay', '{"to":"secret-recipient"');
      const socket = await client.login(identity);
      const to = await client.login(peer);
      socket.send({ type: 'relay', to: peer.hash, body: 'secret-payload', id: 'secret-id' });
      await to.next('msg');
      socket.sendRaw('secret-garbage{');
      socket.send({ type: 'relay', to: 'secret-alias', body: 'x' });
      await socket.next('error');
      await client.sendOnce(peer.hash, 'secret-payload');
      await client.burn(identity);
      await stage.server.stop();
      const written = `${stage.server.stdout}\n${stage.server.stderr}`;
      assert.ok(written.split('\n').length > 3, 'there are logs to look at');
      const address = ['127.0.8.8', '127.0.8'];
      for (const secret of [...address, identity.hash, peer.hash, identity.publicKey, seed, socket.token]) {
        assert.equal(written.includes(secret), false, `${secret} in the logs:\n${written}`);
      }
      for (const secret of ['logged-nickname', 'secret-']) {
        assert.equal(written.includes(secret), false, `${secret} in the logs:\n${written}`);
      }
    });
  },
  { env: { LOG_LEVEL: 'trace' } },
);
