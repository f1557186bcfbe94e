import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeIdentity } from '@blindpost/testbed/keys';
import type { RecordingProxy } from '@blindpost/testbed/proxy';
import type { Wire } from '@blindpost/testbed/wire';
import { assertError } from './answers.js';
import { eventually, onEveryStore, type Stage } from './stage.js';

/** A client of a server of its own, whose way to Redis can be cut. */
async function behindProxy(stage: Stage): Promise<{ far: Wire; proxy: RecordingProxy }> {
  const proxy = await stage.proxy(new URL(stage.redis.url).host, { record: false });
  const server = await stage.another({ RELAY_REDIS_URL: `redis://127.0.0.1:${proxy.port}` });
  return { far: stage.client(undefined, server.url), proxy };
}

/** Does it while the server has no Redis, and knows. */
async function whileCut(far: Wire, proxy: RecordingProxy, act: () => Promise<unknown>): Promise<void> {
  proxy.refuse();
  await eventually('degraded', async () => (await far.get('/health')).status === 503);
  await act();
  proxy.allow();
}

await onEveryStore(
  'a server cut off from Redis',
  (stage) => {
    test('once Redis is back it closes who came by work while the owner claimed elsewhere', async () => {
      const { far, proxy } = await behindProxy(stage);
      const identity = makeIdentity();
      const squatter = await far.login(identity, { by: 'work' });
      await whileCut(far, proxy, async () => {
        await stage.wire.upload(identity);
        await stage.wire.sendOnce(identity.hash, 'private');
      });
      assert.equal((await squatter.closed()).code, 1008);
      assert.equal(JSON.stringify(squatter.frames).includes('private'), false);
      const owner = await stage.wire.login(identity);
      await owner.next(({ payload }) => payload === 'private');
    });

    test('the same when the owner logged in elsewhere', async () => {
      const { far, proxy } = await behindProxy(stage);
      const identity = makeIdentity();
      const squatter = await far.login(identity, { by: 'work' });
      await whileCut(far, proxy, async () => {
        await stage.wire.login(identity);
        await stage.wire.sendOnce(identity.hash, 'private');
      });
      assert.equal((await squatter.closed()).code, 1008);
      assert.equal(JSON.stringify(squatter.frames).includes('private'), false);
    });

    test('once Redis is back it closes who was burned meanwhile', async () => {
      const { far, proxy } = await behindProxy(stage);
      const identity = makeIdentity();
      const burned = await far.login(identity);
      await whileCut(far, proxy, async () => {
        assert.equal((await stage.wire.burn(identity)).status, 200);
      });
      assert.equal((await burned.closed()).code, 1008);
    });

    test('once Redis is back it closes who was burned meanwhile, also when the hash lives anew', async () => {
      const { far, proxy } = await behindProxy(stage);
      const identity = makeIdentity();
      const burned = await far.login(identity);
      await whileCut(far, proxy, async () => {
        assert.equal((await stage.wire.burn(identity)).status, 200);
        assert.equal((await stage.wire.upload(identity)).status, 200);
        await stage.wire.sendOnce(identity.hash, 'for the next life');
      });
      assert.equal((await burned.closed()).code, 1008);
      assert.equal(JSON.stringify(burned.frames).includes('for the next life'), false);
    });

    test('what was sent elsewhere meanwhile arrives on the open socket, unasked', async () => {
      const { far, proxy } = await behindProxy(stage);
      const recipient = makeIdentity();
      const live = await far.login(recipient);
      const sender = await stage.wire.login(makeIdentity());
      await whileCut(far, proxy, async () => {
        sender.send({ type: 'relay', to: recipient.hash, body: 'meanwhile', id: 1 });
        assert.equal((await sender.next(({ id }) => id === 1)).type, 'delivery_status');
      });
      await live.next(({ payload }) => payload === 'meanwhile');
      assert.equal(live.open, true);
    });

    test('what was refused on the cut server and tried again until accepted arrives', async () => {
      const { far, proxy } = await behindProxy(stage);
      const recipient = makeIdentity();
      const live = await far.login(recipient);
      const sender = await far.login(makeIdentity());
      let tries = 0;
      const accepted = async () => {
        tries += 1;
        sender.send({ type: 'relay', to: recipient.hash, body: 'at last', id: tries });
        return (await sender.next(({ id }) => id === tries)).type === 'delivery_status';
      };
      await whileCut(far, proxy, async () => assert.equal(await accepted(), false));
      await eventually('accepted', accepted);
      await live.next(({ payload }) => payload === 'at last');
      assert.equal(live.open, true);
    });

    test('a login that fails for want of Redis closes 1008: half of it must not go on listening', async () => {
      const { far, proxy } = await behindProxy(stage);
      const identity = makeIdentity();
      const { token } = await far.login(identity);
      await whileCut(far, proxy, async () => {
        const payload = { identity_hash: identity.hash, session_token: token };
        const { socket, frame } = await far.tryLogin(payload);
        assertError(frame, 'ERR_UNAVAILABLE');
        assert.equal((await socket.closed()).code, 1008);
      });
    });

    test('a cut of an instant loses no message and keeps no squatter', async () => {
      const { far, proxy } = await behindProxy(stage);
      const [identity, recipient] = [makeIdentity(), makeIdentity()];
      const squatter = await far.login(identity, { by: 'work' });
      const live = await far.login(recipient);
      proxy.cut();
      await Promise.all([
        stage.wire.upload(identity),
        stage.wire.sendOnce(recipient.hash, 'in that instant'),
      ]);
      assert.equal((await squatter.closed()).code, 1008);
      await live.next(({ payload }) => payload === 'in that instant');
    });
  },
  { stores: ['redis'], concurrency: 2, own: true },
);
