import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Burned } from '@blindpost/protocol/relay';
import { makeIdentity, type TestIdentity } from '@blindpost/testbed/keys';
import { workHeaders } from '@blindpost/testbed/wire';
import { assertOk, assertRefused } from './answers.js';
import { onEveryStore, type Stage } from './stage.js';

/** Burns with the signature that `sign` makes from the seed. */
async function burnWith(stage: Stage, identity: TestIdentity, sign: (seed: string) => object) {
  const work = await stage.wire.work(identity.hash, { type: 'burn', identity_hash: identity.hash });
  const body = { identity_hash: identity.hash, identityKey: identity.publicKey, ...sign(work.seed) };
  return stage.wire.post('/account/burn', body, workHeaders(work));
}

await onEveryStore('burn', (stage) => {
  test('everything of the identity is gone before the answer', async () => {
    const [identity, friend] = [makeIdentity(), makeIdentity()];
    const nickname = `burn-${randomBytes(6).toString('hex')}`;
    await stage.wire.upload(identity, { discoverable: true });
    await stage.wire.claimNickname(identity, nickname);
    const socket = await stage.wire.login(identity);
    const work = await stage.wire.work(nickname, { type: 'alias' });
    socket.send({ type: 'subscribe_alias', alias: nickname, ...work });
    await socket.next('alias_subscribed');
    await stage.wire.sendOnce(identity.hash, 'unacked');
    await socket.next('msg');

    assert.deepEqual(assertOk(await stage.wire.burn(identity), Burned), { status: 'account_purged' });
    assert.equal((await socket.closed()).code, 1008);
    assertRefused(await stage.wire.get(`/keys/fetch?user=${identity.hash}`), 404, 'ERR_NOT_FOUND');
    assertRefused(await stage.wire.get(`/nickname/lookup?nick=${nickname}`), 404, 'ERR_NOT_FOUND');
    assertRefused(await stage.wire.sendOnce(nickname, 'x'), 404, 'ERR_NOT_FOUND');
    const { frame } = await stage.wire.tryLogin({
      identity_hash: identity.hash,
      session_token: socket.token,
    });
    assert.equal(frame.error, 'ERR_UNAUTHORIZED');

    const again = await stage.wire.login(identity, { by: 'work' });
    assert.equal(again.of('auth_success')[0]?.keys_missing, true);
    await stage.wire.sendOnce(identity.hash, 'after');
    assert.equal((await again.next('msg')).payload, 'after');
    assert.deepEqual(again.of('queued_message'), [], 'the mailbox of before is not there');
    assert.equal((await stage.wire.claimNickname(friend, nickname)).status, 200);
  });

  test('the burn needs work, and its seed works once', async () => {
    const identity = makeIdentity();
    await stage.wire.upload(identity);
    const work = await stage.wire.work(identity.hash, { type: 'burn' });
    const body = {
      identity_hash: identity.hash,
      identityKey: identity.publicKey,
      signature: identity.sign(`BURN:${work.seed}:${identity.hash}`),
    };
    assertRefused(await stage.wire.post('/account/burn', body), 401, 'ERR_POW_INVALID');
    assert.equal((await stage.wire.post('/account/burn', body, workHeaders(work))).status, 200);
    await stage.wire.upload(identity);
    assertRefused(await stage.wire.post('/account/burn', body, workHeaders(work)), 401, 'ERR_EXPIRED');
    const fresh = await stage.wire.paid(identity.hash, { type: 'burn' });
    assertRefused(await stage.wire.post('/account/burn', body, fresh), 403, 'ERR_FORBIDDEN');
    assert.equal((await stage.wire.get(`/keys/fetch?user=${identity.hash}`)).status, 200);
  });

  test('only the key itself burns: other keys, texts and seeds are forbidden, also where nobody is', async () => {
    const other = makeIdentity();
    for (const present of [true, false]) {
      const identity = makeIdentity();
      if (present) await stage.wire.upload(identity);
      const forgeries: ((seed: string) => object)[] = [
        (seed) => ({ signature: other.sign(`BURN:${seed}:${identity.hash}`) }),
        (seed) => ({
          identityKey: other.publicKey,
          signature: other.sign(`BURN:${seed}:${identity.hash}`),
        }),
        (seed) => ({ signature: identity.sign(`BURN:${seed}:${other.hash}`) }),
        () => ({ signature: identity.sign(`BURN:${'0'.repeat(64)}:${identity.hash}`) }),
        () => ({ signature: identity.sign(`BURN:${identity.hash}`) }),
        (seed) => ({ signature: identity.sign(`AUTH:${stage.wire.host}:${seed}:${identity.hash}`) }),
      ];
      for (const forge of forgeries) {
        assertRefused(await burnWith(stage, identity, forge), 403, 'ERR_FORBIDDEN');
      }
      if (present) assert.equal((await stage.wire.get(`/keys/fetch?user=${identity.hash}`)).status, 200);
    }
  });

  test('key and signature are required', async () => {
    const identity = makeIdentity();
    await stage.wire.upload(identity);
    for (const [member, value] of [
      ['signature', ''],
      ['signature', null],
      ['signature', undefined],
      ['identityKey', ''],
      ['identityKey', null],
      ['identityKey', undefined],
      ['identity_hash', undefined],
    ] as const) {
      const answer = await burnWith(stage, identity, (seed) => ({
        signature: identity.sign(`BURN:${seed}:${identity.hash}`),
        [member]: value,
      }));
      assertRefused(answer, 400, 'ERR_MALFORMED', member);
    }
    assert.equal((await stage.wire.get(`/keys/fetch?user=${identity.hash}`)).status, 200);
  });

  test('whoever burned may begin anew', async () => {
    const identity = makeIdentity();
    await stage.wire.upload(identity);
    await stage.wire.burn(identity);
    assert.equal((await stage.wire.upload(identity)).status, 200);
    const socket = await stage.wire.login(identity);
    assert.equal(socket.of('auth_success')[0]?.keys_missing, false);
  });

  test("a burned identity is nobody's grant: it must be allowed again", async () => {
    const [sender, peer] = [makeIdentity(), makeIdentity()];
    const from = await stage.wire.login(sender);
    const to = await stage.wire.login(peer);
    from.send({ type: 'presence_allow', to: peer.hash });
    await from.next('presence_ok');
    await stage.wire.burn(sender);
    const anew = await stage.wire.login(sender);
    anew.send({ type: 'presence_update', status: 'back' });
    await anew.next('presence_ok');
    await anew.settle();
    await stage.wire.sendOnce(peer.hash, 'marker');
    await to.next('msg');
    assert.deepEqual(to.of('presence_update'), []);
  });
});

await onEveryStore(
  'burn for existing clients',
  (stage) => {
    test('RELAY_COMPAT_SIGNATURES takes the signature without a seed, and still only by the right key', async () => {
      const [identity, other] = [makeIdentity(), makeIdentity()];
      await stage.wire.upload(identity);
      const forged = await burnWith(stage, identity, () => ({
        signature: other.sign(`BURN:${identity.hash}`),
      }));
      assertRefused(forged, 403, 'ERR_FORBIDDEN');
      const burned = await burnWith(stage, identity, () => ({
        signature: identity.sign(`BURN:${identity.hash}`),
      }));
      assert.equal(burned.status, 200);
      assert.equal((await stage.wire.get(`/keys/fetch?user=${identity.hash}`)).status, 404);
    });
  },
  { env: { RELAY_COMPAT_SIGNATURES: 'true' }, stores: ['memory'] },
);
