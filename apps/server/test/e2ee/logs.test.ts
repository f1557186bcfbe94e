import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { makeAccount } from '@blindpost/testbed/wire-account';
import { makeE2eeUpload } from '@blindpost/testbed/wire-bundle';
import { settle, waiting } from './answers.js';
import { bytes, message } from './messages.js';
import { sendFrame, sent } from './people.js';
import { onEveryStage } from './stage.js';

await onEveryStage(
  'logs and metrics',
  (stage) => {
    test('show no id, key, token, ciphertext, address or name of anything, whatever is done or goes wrong', async () => {
      const from = '127.0.44.1';
      const account = await makeAccount(stage.url, { from });
      const alice = stage.client({ id: account.id, token: account.token }, { from });
      const bob = await stage.account({ from: '127.0.44.2' });
      const marks = {
        groupId: 'group-to-look-for',
        clientMessageId: 'client-id-to-look-for',
        sessionId: 'session-to-look-for',
        meta: { mark: 'meta-to-look-for' },
      };
      const bundle = makeE2eeUpload(3, { meta: { mark: 'bundle-to-look-for' } });
      assert.equal((await bob.upload(bundle)).status, 200);
      const claimed = (await alice.claim(bob.id)).json;
      await alice.bundle(bob.id);
      const session = (await alice.ensureSession(bob.id, { hint: 'hint-to-look-for' })).json;
      const reader = await bob.listen();
      const ciphertext = bytes(200);
      const first = await sent(alice, bob.id, {
        ...marks,
        ciphertext,
        header: bytes(40),
        signature: bytes(64),
      });
      const socket = await alice.listen();
      const framed = await sendFrame(socket, 'ref-to-look-for', message(bob.id, { ciphertext: bytes(99) }));
      await alice.distribute('group-to-look-for', [{ recipientId: bob.id, ciphertext: bytes(77) }]);
      const queue = await waiting(bob);
      await bob.ack(first.id);
      await bob.ackAll({ ids: queue.map(({ id }) => id) });

      // And whatever goes wrong.
      const missing = randomUUID();
      await alice.send({ ...message(missing), ...marks });
      await alice.send({ ...message(bob.id), ciphertext: 'ciphertext-to-look-for' });
      await alice.send({ ...message(bob.id), expiresAt: 'date-to-look-for' });
      await alice.send({ ...message(bob.id), ...marks });
      await alice.ack(missing);
      await alice.bundle(missing);
      await alice.post('/messages', '{"broken-to-look-for":');
      await alice.post('/messages', 'x'.repeat(600_000)).catch(() => null);
      await alice.get('/messages/pending?take=query-to-look-for');
      await alice.get('/path-to-look-for');
      await stage.client({ id: missing, token: 'token-to-look-for' }, { from }).status();
      await stage.client({ id: missing, token: `${account.token}x` }, { from }).status();
      socket.sendRaw('frame-to-look-for');
      socket.send({ type: 'type-to-look-for', data: {} });
      socket.send({ type: 'e2ee.send', ref: 1, data: { ...message(missing), ...marks } });
      await settle(socket).catch(() => null);
      const unknown = await stage.client(alice.who, { from }).open();
      unknown.send({ type: 'auth', data: { token: 'frame-token-to-look-for' } });
      await unknown.closed();
      const gone = await stage.account({ from });
      await gone.listen();
      await alice.revoke();
      await gone.erase();
      await reader.close();

      const metrics = await stage.stranger().request('/metrics');
      const said = stage.server.stdout + stage.server.stderr + metrics.raw.toString();
      assert.match(said, /\/api\/e2ee\/messages/, 'something is logged');
      const keys = [bundle.identityKey, bundle.signedPreKey, bundle.signedPreKeySignature];
      const oneTime = (bundle.oneTimePreKeys ?? []).map(({ publicKey }) => publicKey);
      const envelopes = queue.flatMap((each) => [each.id, each.ciphertext, each.header, each.signature]);
      const secrets = [
        ...[
          alice.id,
          bob.id,
          gone.id,
          missing,
          account.publicKey,
          account.token,
          bob.who.token,
          gone.who.token,
        ],
        ...[from, '127.0.44.2', String(session.id), ...keys, ...oneTime, ...envelopes, 'to-look-for'],
      ];
      assert.ok(queue.length === 3 && claimed.oneTimePreKey !== null && framed.type === 'e2ee.sent');
      for (const text of secrets) {
        if (text === null || text === undefined) continue;
        assert.equal(said.includes(text), false, `${text} is in the log or the metrics`);
        // Neither in the spellings that a database or a driver would write.
        assert.equal(said.includes(text.replaceAll('-', '')), false, `${text} without dashes`);
        if (/^[A-Za-z0-9+/]{16,}=*$/.test(text)) {
          const raw = Buffer.from(text, 'base64');
          assert.equal(said.includes(raw.toString('hex')), false, `${text} in hex`);
          assert.equal(said.includes(raw.toString('base64url')), false, `${text} in the URL's alphabet`);
        }
      }
    });
  },
  { env: { LOG_LEVEL: 'trace' } },
);
