/** An outside issuer's tokens: whose they are, and when the account begins. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { startIssuer } from '@blindpost/testbed/issuer';
import { assertRefused, assertSent, waiting } from './answers.js';
import { message } from './messages.js';
import { onEveryStage } from './stage.js';

const issuer = await startIssuer();
after(() => issuer.stop());

await onEveryStage(
  'an outside issuer',
  (stage) => {
    const member = (id: string = randomUUID(), claims: Record<string, unknown> = {}) =>
      stage.client({ id, token: issuer.sign(id, claims) });

    test('the account exists from its first authenticated request, by HTTP or socket', async () => {
      const sender = member();
      const [byHttp, bySocket] = [member(), member()];
      for (const { id } of [byHttp, bySocket]) {
        assertRefused(await sender.send(message(id)), 404, 'not_found');
      }
      assert.deepEqual(await waiting(byHttp), []);
      await bySocket.listen();
      for (const { id } of [byHttp, bySocket])
        assert.equal(assertSent(await sender.send(message(id))).sequence, 1);
    });

    test('one account, whatever the letters of its id and whichever token', async () => {
      const id = randomUUID();
      const [lower, upper] = [member(id), member(id.toUpperCase())];
      const sender = member();
      await lower.pending();
      const sent = assertSent(await sender.send(message(id.toUpperCase())));
      assert.equal(sent.recipientId, id);
      for (const wire of [lower, upper, member(id)]) assert.equal((await waiting(wire)).length, 1);
    });

    test('ids of any version are ids; what is no UUID is nobody', async () => {
      const sender = member();
      for (const id of ['11111111-1111-1111-1111-111111111111', 'ffffffff-ffff-ffff-ffff-ffffffffffff']) {
        await member(id).pending();
        assert.equal(assertSent(await sender.send(message(id))).recipientId, id);
      }
      for (const sub of ['someone', '', '1111111111111111111111111111111', `{${randomUUID()}}`]) {
        assertRefused(await member(sub).pending(), 401, 'unauthorized');
      }
    });

    test('tokens of other issuers, for others or past their time are none', async () => {
      const now = Math.floor(Date.now() / 1_000);
      for (const claims of [
        { iss: 'https://elsewhere.example' },
        { aud: 'someone-else' },
        { exp: now - 3_600 },
        { nbf: now + 3_600 },
        { exp: undefined },
      ]) {
        const answer = await member(randomUUID(), claims).pending();
        assert.equal(answer.status, 401, `${JSON.stringify(claims)}: ${answer}`);
      }
    });
  },
  { env: issuer.env },
);
