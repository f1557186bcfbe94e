/** When a token ends so do its sockets, and when an account is erased, so is all that was the account's. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startIssuer } from '@blindpost/testbed/issuer';
import { makeAccount } from '@blindpost/testbed/wire-account';
import { makeE2eeUpload } from '@blindpost/testbed/wire-bundle';
import {
  assertBundle,
  assertEnvelope,
  assertRefused,
  assertSent,
  pushed,
  settle,
  waiting,
} from './answers.js';
import { message, messages } from './messages.js';
import { ALL_STAGES, onEveryStage, type Stage } from './stage.js';

/** One account with two tokens. */
async function twice(stage: Stage) {
  const account = await makeAccount(stage.url);
  const one = stage.client({ id: account.id, token: account.token });
  const two = stage.client({ id: account.id, token: await account.login() });
  assert.notEqual(one.who.token, two.who.token);
  return { one, two, account };
}

await onEveryStage(
  'the end of a token',
  (stage) => {
    test('a revoked token ends its own sockets, at every server, and no other token’s', async () => {
      const { one, two } = await twice(stage);
      const sender = await stage.account();
      const ended = await Promise.all(
        stage.everywhere(one).flatMap((wire) => [wire.listen(), wire.listen({ by: 'frame' })]),
      );
      const kept = await two.listen();
      assert.equal((await one.revoke()).status, 204);
      for (const socket of ended) assert.equal((await socket.closed()).code, 1008);
      for (const wire of stage.everywhere(one)) {
        assertRefused(await wire.pending(), 401, 'unauthorized');
        assertRefused(await wire.send(message(sender.id)), 401, 'unauthorized');
      }
      const sent = assertSent(await sender.send(message(one.id)));
      assert.equal((await pushed(kept)).id, sent.id);
      assert.equal((await waiting(two)).length, 1);
    });

    test('all of an account’s tokens end together', async () => {
      const { one, two, account } = await twice(stage);
      const sockets = await Promise.all(
        [one, two].flatMap((wire) => stage.everywhere(wire)).map((wire) => wire.listen()),
      );
      assert.equal((await two.revoke(true)).status, 204);
      for (const socket of sockets) assert.equal((await socket.closed()).code, 1008);
      for (const wire of [one, two]) assertRefused(await wire.status(), 401, 'unauthorized');
      const third = stage.client({ id: account.id, token: await account.login() });
      assert.deepEqual(await waiting(third), []);
      await settle(await third.listen());
    });

    test('an erased account takes its sockets, keys and queue with it, and is nobody', async () => {
      const [gone, peer] = [await stage.account(), await stage.account()];
      assertBundle(await gone.upload(makeE2eeUpload(5)));
      assert.equal((await gone.ensureSession(peer.id)).status, 200);
      for (const answer of await peer.sendAll(messages(gone.id, 3))) assertSent(answer);
      const left = assertSent(await gone.send(message(peer.id)));
      const sockets = await Promise.all(stage.everywhere(gone).map((wire) => wire.listen()));
      assert.equal((await gone.erase()).status, 204);
      for (const socket of sockets) assert.equal((await socket.closed()).code, 1008);
      for (const wire of stage.everywhere(gone)) {
        assertRefused(await wire.pending(), 401, 'unauthorized');
        assertRefused(await wire.me(), 401, 'unauthorized');
      }
      for (const wire of stage.everywhere(peer)) {
        assertRefused(await wire.bundle(gone.id), 404, 'not_found');
        assertRefused(await wire.claim(gone.id), 404, 'not_found');
        assertRefused(await wire.send(message(gone.id)), 404, 'not_found');
        assertRefused(await wire.ensureSession(gone.id), 404, 'not_found');
      }
      // What it had sent is the recipient's.
      assert.deepEqual(
        (await waiting(peer)).map(({ id, senderId }) => [id, senderId]),
        [[left.id, gone.id]],
      );
      assert.equal(assertEnvelope(await peer.ack(left.id)).deliveryStatus, 2);
    });
  },
  { stages: ALL_STAGES },
);

const issuer = await startIssuer();
after(() => issuer.stop());

await onEveryStage(
  'the end of an outside token',
  (stage) => {
    const SECONDS = 3;

    test('its socket is closed when its time is over', async () => {
      const id = '44444444-4444-4444-8444-444444444444';
      const exp = Math.floor(Date.now() / 1_000) + SECONDS;
      const account = stage.client({ id, token: issuer.sign(id, { exp }) });
      const lasting = stage.client({ id, token: issuer.sign(id) });
      const sockets = [await account.listen(), await account.listen({ by: 'frame' })];
      const kept = await lasting.listen();
      for (const socket of sockets) assert.equal((await socket.closed()).code, 1008);
      assert.ok(Date.now() >= exp * 1_000, 'not before its time');
      assertRefused(await account.pending(), 401, 'unauthorized');
      await settle(kept);
    });
  },
  { env: issuer.env, stages: ['sqlite'] },
);
