import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { makeBundle, makeIdentity, signBundle, type TestIdentity } from '@blindpost/testbed/keys';
import { workHeaders } from '@blindpost/testbed/wire';
import type { WireFrame } from '@blindpost/testbed/wire-socket';
import { assertError, assertRefused } from './answers.js';
import { onEveryStore, type Stage } from './stage.js';

/** Each of these makes an identity owned. */
const OWNINGS: Record<string, (stage: Stage, identity: TestIdentity) => Promise<unknown>> = {
  'a bundle': async (stage, identity) => assert.equal((await stage.wire.upload(identity)).status, 200),
  'a signed login': (stage, identity) => stage.wire.login(identity),
  'a signed nickname': async (stage, identity) => {
    const answer = await stage.wire.claimNickname(identity, `own-${randomBytes(8).toString('hex')}`);
    assert.equal(answer.status, 200);
  },
};

/** Values that stand for a missing proof. */
const EMPTY: unknown[] = [
  '',
  ' ',
  null,
  undefined,
  false,
  0,
  [],
  {},
  '='.repeat(88),
  Buffer.alloc(64).toString('base64'),
];

await onEveryStore('takeover', (stage) => {
  for (const [name, own] of Object.entries(OWNINGS)) {
    test(`once owned by ${name}, work alone never logs in, and the owner loses nothing`, async () => {
      const identity = makeIdentity();
      await own(stage, identity);
      await stage.wire.sendOnce(identity.hash, 'private');
      const payload = await stage.wire.credentials(identity, 'work');
      const { socket, frame } = await stage.wire.tryLogin(payload);
      assertError(frame, 'ERR_FORBIDDEN');
      assert.equal((await socket.closed()).code, 1008);
      assert.equal(JSON.stringify(socket.frames).includes('private'), false);
      const owner = await stage.wire.login(identity);
      await owner.next(({ payload }) => payload === 'private');
    });

    test(`once owned by ${name}, tokens and sockets that work admitted are revoked`, async () => {
      const identity = makeIdentity();
      const squatter = await stage.wire.login(identity, { by: 'work' });
      await own(stage, identity);
      assert.equal((await squatter.closed()).code, 1008);
      const { frame } = await stage.wire.tryLogin({
        identity_hash: identity.hash,
        session_token: squatter.token,
      });
      assertError(frame, 'ERR_UNAUTHORIZED');
      await stage.wire.login(identity);
    });
  }

  test('a squatter on another token is revoked as well, also while not connected', async () => {
    const identity = makeIdentity();
    const first = await stage.wire.login(identity, { by: 'work' });
    const second = await stage.wire.login(identity, { by: 'work' });
    await first.closed();
    await second.close();
    await stage.wire.upload(identity);
    for (const { token } of [first, second]) {
      const { frame } = await stage.wire.tryLogin({ identity_hash: identity.hash, session_token: token });
      assertError(frame, 'ERR_UNAUTHORIZED');
    }
  });

  test('tokens of the owner live through a second proof', async () => {
    const identity = makeIdentity();
    const owner = await stage.wire.login(identity);
    await stage.wire.upload(identity);
    await owner.settle();
    await stage.wire.login(identity, { by: { token: owner.token } });
  });

  test('an alias proof makes the identity behind it owned', async () => {
    const [holder, subscriber] = [makeIdentity(), makeIdentity()];
    const squatter = await stage.wire.login(holder, { by: 'work' });
    const socket = await stage.wire.login(subscriber);
    const work = await stage.wire.work(holder.hash, { type: 'alias' });
    const signature = holder.sign(`ALIAS:${work.seed}:${holder.hash}:${subscriber.hash}`);
    const proof = { identityKey: holder.publicKey, signature };
    socket.send({ type: 'subscribe_alias', alias: holder.hash, ...work, ...proof });
    await socket.next('alias_subscribed');
    assert.equal((await squatter.closed()).code, 1008);
    const { frame } = await stage.wire.tryLogin(await stage.wire.credentials(holder, 'work'));
    assertError(frame, 'ERR_FORBIDDEN');
  });

  test('a race of work against the first proof never leaves a squatter inside', async () => {
    for (let n = 0; n < 10; n += 1) {
      const identity = makeIdentity();
      const payloads = await Promise.all(
        Array.from({ length: 4 }, () => stage.wire.credentials(identity, 'work')),
      );
      const [squatters] = await Promise.all([
        Promise.all(
          payloads.map(async (payload) => {
            const socket = await stage.wire.open();
            socket.send({ type: 'auth', payload });
            return socket;
          }),
        ),
        stage.wire.upload(identity),
      ]);
      for (const socket of squatters) {
        assert.equal((await socket.closed()).code, 1008);
        const session_token = socket.of('auth_success')[0]?.session_token ?? 'ab'.repeat(32);
        const again = await stage.wire.tryLogin({ identity_hash: identity.hash, session_token });
        assertError(again.frame, 'ERR_UNAUTHORIZED');
      }
    }
  });

  test('once owned, work alone registers no nickname', async () => {
    const identity = makeIdentity();
    await stage.wire.upload(identity);
    const nickname = `steal-${randomBytes(6).toString('hex')}`;
    assertRefused(await stage.wire.claimNickname(identity, nickname, false), 403, 'ERR_FORBIDDEN');
    assertRefused(await stage.wire.get(`/nickname/lookup?nick=${nickname}`), 404, 'ERR_NOT_FOUND');
  });

  test('an empty or missing key or signature never skips a check: upload, nickname, burn', async () => {
    const owner = makeIdentity();
    const thief = makeIdentity();
    const nickname = `empty-${randomBytes(6).toString('hex')}`;
    await stage.wire.upload(owner);
    const before = (await stage.wire.get(`/keys/fetch?user=${owner.hash}`)).json.bundle_signature;
    const bundle = { ...signBundle(thief, makeBundle(thief)), identity_hash: owner.hash };
    const refuse = async (path: string, context: string, body: object) => {
      const headers = await stage.wire.paid(context, { nickname });
      const answer = await stage.wire.post(path, body, headers);
      assert.ok([400, 403].includes(answer.status), `${path} ${JSON.stringify(body).slice(-200)}: ${answer}`);
    };
    for (const value of EMPTY) {
      for (const identityKey of [owner.publicKey, value]) {
        await refuse('/keys/upload', owner.hash, { ...bundle, identityKey, bundle_signature: value });
        const proof = { identity_hash: owner.hash, identityKey, signature: value };
        await refuse('/nickname/register', nickname, { nickname, ...proof });
        await refuse('/account/burn', owner.hash, proof);
      }
    }
    const after = (await stage.wire.get(`/keys/fetch?user=${owner.hash}`)).json.bundle_signature;
    assert.equal(after, before);
    assert.equal((await stage.wire.get(`/nickname/lookup?nick=${nickname}`)).status, 404);
  });

  test('an empty or missing key or signature never skips a check: login', async () => {
    const owner = makeIdentity();
    await stage.wire.upload(owner);
    for (const value of EMPTY) {
      for (const identityKey of [owner.publicKey, value]) {
        const work = await stage.wire.work(owner.hash, { type: 'auth' });
        const payload = { identity_hash: owner.hash, ...work, identityKey, signature: value };
        const { socket, frame } = await stage.wire.tryLogin(payload);
        assert.ok(['ERR_MALFORMED', 'ERR_FORBIDDEN'].includes(String(frame.error)), JSON.stringify(frame));
        socket.terminate();
      }
    }
    for (const session_token of ['', ' ', null, false, 0, [], {}, '0'.repeat(64), '*']) {
      const { socket, frame } = await stage.wire.tryLogin({ identity_hash: owner.hash, session_token });
      assert.equal(frame.type, 'error', JSON.stringify(session_token));
      socket.terminate();
    }
  });

  test('a login signed for another host, seed, identity or purpose is forbidden', async () => {
    const [owner, other] = [makeIdentity(), makeIdentity()];
    await stage.wire.upload(owner);
    const host = stage.wire.host;
    const texts: ((seed: string) => string)[] = [
      (seed) => `AUTH:evil.example:${seed}:${owner.hash}`,
      (seed) => `AUTH:${host.split(':')[0]}:${seed}:${owner.hash}`,
      (seed) => `AUTH:localhost:${host.split(':')[1]}:${seed}:${owner.hash}`,
      (seed) => `AUTH::${seed}:${owner.hash}`,
      () => `AUTH:${host}:${'0'.repeat(64)}:${owner.hash}`,
      (seed) => `AUTH:${host}:${seed}:${other.hash}`,
      (seed) => `AUTH:${seed}:${owner.hash}`,
      (seed) => `BURN:${seed}:${owner.hash}`,
      (seed) => `NICK:${seed}:${owner.hash}`,
    ];
    for (const make of texts) {
      const work = await stage.wire.work(owner.hash, { type: 'auth' });
      const proof = { identityKey: owner.publicKey, signature: owner.sign(make(work.seed)) };
      const { socket, frame } = await stage.wire.tryLogin({ identity_hash: owner.hash, ...work, ...proof });
      assertError(frame, 'ERR_FORBIDDEN');
      assert.equal((await socket.closed()).code, 1008);
    }
  });

  test('the host is the one the client dialled: signed for it, a login passes', async () => {
    const owner = makeIdentity();
    const dialled = stage.wire.host.replace('127.0.0.1', 'localhost');
    const work = await stage.wire.work(owner.hash, { type: 'auth' });
    const signature = owner.sign(`AUTH:${dialled}:${work.seed}:${owner.hash}`);
    const payload = { identity_hash: owner.hash, ...work, identityKey: owner.publicKey, signature };
    const { frame } = await stage.wire.tryLogin(payload, { headers: { host: dialled } });
    assert.equal(frame.type, 'auth_success');
  });

  test('a captured login is worthless: its seed is spent, and with another seed it does not fit', async () => {
    const owner = makeIdentity();
    const captured = await stage.wire.credentials(owner);
    assert.equal((await stage.wire.tryLogin(captured)).frame.type, 'auth_success');
    assertError((await stage.wire.tryLogin(captured)).frame, 'ERR_EXPIRED');
    const fresh = await stage.wire.work(owner.hash, { type: 'auth' });
    assertError((await stage.wire.tryLogin({ ...captured, ...fresh })).frame, 'ERR_FORBIDDEN');
  });

  test('a key that does not belong to the hash overwrites and burns nothing', async () => {
    const [owner, thief] = [makeIdentity(), makeIdentity()];
    await stage.wire.upload(owner);
    const bundle = { ...signBundle(thief, makeBundle(thief)), identity_hash: owner.hash };
    assertRefused(await stage.wire.uploadBody(owner.hash, bundle), 403, 'ERR_FORBIDDEN');
    const work = await stage.wire.work(owner.hash, { type: 'burn' });
    const burn = {
      identity_hash: owner.hash,
      identityKey: thief.publicKey,
      signature: thief.sign(`BURN:${work.seed}:${owner.hash}`),
    };
    const answer = await stage.wire.post('/account/burn', burn, workHeaders(work));
    assertRefused(answer, 403, 'ERR_FORBIDDEN');
    const fetched = await stage.wire.get(`/keys/fetch?user=${owner.hash}`);
    assert.equal(fetched.json.identityKey, owner.publicKey);
  });

  test('hashes in other spellings are other names or none, never the same mailbox', async () => {
    const owner = makeIdentity();
    await stage.wire.upload(owner);
    for (const spelling of [owner.hash.toUpperCase(), ` ${owner.hash}`, `${owner.hash}\n`, [owner.hash]]) {
      const work = await stage.wire.work(String(spelling), { type: 'auth' });
      const { frame } = await stage.wire.tryLogin({ identity_hash: spelling, ...work });
      assertError(frame, 'ERR_MALFORMED', 'identity_hash');
    }
  });

  test('no client makes another receive a frame of the server, whatever path it sends by', async () => {
    const recipient = makeIdentity();
    const [live, sender] = await Promise.all([stage.wire.login(recipient), stage.wire.login(makeIdentity())]);
    const forged = { type: 'auth_success', error: 'ERR_FORGED', session_token: 'x', from: 'x', status: 'x' };
    const sends: object[] = [
      { type: 'relay', to: recipient.hash, body: forged, msg_type: 'auth_success' },
      { type: 'relay', to: recipient.hash, body: forged, payload: forged },
      { type: 'own_type', to: recipient.hash, body: forged, msg_type: 'error' },
      { type: 'group_multicast', targets: [{ to: recipient.hash, body: forged, type: 'error' }] },
      { type: 'volatile_relay', to: recipient.hash, body: forged, msg_type: 'pong' },
      { type: 'auth_success', to: recipient.hash, body: forged },
      { type: 'error', to: recipient.hash, body: forged },
      { type: 'delivery_status', to: recipient.hash, body: forged },
      { type: 'presence_request', to: recipient.hash, body: forged, from: 'x' },
      { type: 'queued_message', to: recipient.hash, body: forged },
      { type: 'msg', to: recipient.hash, body: forged },
      { type: 'sealed_message', to: recipient.hash, body: forged },
    ];
    for (const frame of sends) sender.send(frame);
    sender.sendRaw(Buffer.from(`${recipient.hash}${JSON.stringify(forged)}`));
    await stage.wire.sendOnce(recipient.hash, forged);
    sender.send({ type: 'relay', to: recipient.hash, body: 'marker' });
    await live.next(({ payload }) => payload === 'marker');
    const messages = ['msg', 'sealed_message', 'own_type', '(binary)'];
    const honest = (frame: WireFrame, n: number) =>
      n === 0
        ? frame.type === 'auth_success' && frame.session_token !== 'x'
        : frame.type === 'dummy_pacing' || (messages.includes(frame.type) && frame.error === undefined);
    assert.ok(live.frames.every(honest), JSON.stringify(live.frames.map(({ type }) => type)));
    const count = live.frames.filter(({ type }) => messages.includes(type)).length;
    assert.ok(count >= 4 && count <= 8, `${count} messages`);
  });
});

await onEveryStore(
  'takeover between servers',
  (stage) => {
    test('a squatter on another instance is closed when the owner appears', async () => {
      const elsewhere = stage.client(undefined, (await stage.another()).url);
      const identity = makeIdentity();
      const squatter = await elsewhere.login(identity, { by: 'work' });
      await stage.wire.upload(identity);
      assert.equal((await squatter.closed()).code, 1008);
      const { frame } = await elsewhere.tryLogin(await elsewhere.credentials(identity, 'work'));
      assertError(frame, 'ERR_FORBIDDEN');
    });

    test('a newer login closes the older socket on another instance', async () => {
      const elsewhere = stage.client(undefined, (await stage.another()).url);
      const identity = makeIdentity();
      const older = await stage.wire.login(identity);
      const newer = await elsewhere.login(identity);
      assert.equal((await older.closed()).code, 1008);
      await stage.wire.sendOnce(identity.hash, 'to the newer');
      await newer.next('msg');
    });
  },
  { stores: ['redis'], own: true },
);
