import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FRAMES_OUT } from '@blindpost/protocol/relay';
import { makeIdentity } from '@blindpost/testbed/keys';
import { fail } from '@blindpost/testbed/wire-pow';
import { assertError, shaped } from './answers.js';
import { onEveryStore } from './stage.js';

const HOUR = 3_600_000;

await onEveryStore('auth', (stage) => {
  test('work admits an identity nobody owns: auth_success first, a token for an hour', async () => {
    const identity = makeIdentity();
    const before = Date.now();
    const socket = await stage.wire.login(identity, { by: 'work' });
    const [first] = socket.frames;
    const welcome = shaped(FRAMES_OUT.auth_success, first);
    assert.equal(first?.type, 'auth_success');
    assert.equal(welcome.identity_hash, identity.hash);
    assert.match(welcome.session_token, /^[0-9a-f]{64}$/);
    assert.ok(welcome.expires_at_ms >= before + HOUR && welcome.expires_at_ms <= Date.now() + HOUR);
    assert.equal(welcome.keys_missing, true);
  });

  test('a signature admits, before and after the identity is owned', async () => {
    const identity = makeIdentity();
    await stage.wire.login(identity);
    await stage.wire.upload(identity);
    const socket = await stage.wire.login(identity);
    assert.equal(socket.of('auth_success')[0]?.keys_missing, false);
  });

  test('members may stand at top level, the nonce may be an integer', async () => {
    for (const nested of [true, false]) {
      for (const integer of [true, false]) {
        const identity = makeIdentity();
        const { nonce, ...rest } = await stage.wire.credentials(identity, 'work').then((payload) => {
          assert.ok('nonce' in payload);
          return payload;
        });
        const members = { ...rest, nonce: integer ? Number(nonce) : nonce };
        const socket = await stage.wire.open();
        socket.send(nested ? { type: 'auth', payload: members } : { type: 'auth', ...members });
        assert.equal((await socket.next('auth_success')).identity_hash, identity.hash);
      }
    }
  });

  test('a token admits again, with the same token and the same end', async () => {
    const identity = makeIdentity();
    for (const by of ['work', 'signature'] as const) {
      const first = await stage.wire.login(identity, { by });
      const again = await stage.wire.login(identity, { by: { token: first.token } });
      const [was, is] = [first.of('auth_success')[0], again.of('auth_success')[0]];
      assert.equal(is?.session_token, was?.session_token);
      assert.equal(is?.expires_at_ms, was?.expires_at_ms);
    }
  });

  test("another's token and a made-up one are unauthorized, and the socket closes 1008 after the error", async () => {
    const [mine, other] = [makeIdentity(), makeIdentity()];
    const { token } = await stage.wire.login(other, { by: 'work' });
    for (const session_token of [token, 'ab'.repeat(32)]) {
      const { socket, frame } = await stage.wire.tryLogin({ identity_hash: mine.hash, session_token });
      assertError(frame, 'ERR_UNAUTHORIZED');
      assert.equal((await socket.closed()).code, 1008);
    }
  });

  test('where work comes with a bad token, the work is used', async () => {
    const identity = makeIdentity();
    const payload = await stage.wire.credentials(identity, 'signature');
    const { frame } = await stage.wire.tryLogin({ ...payload, session_token: 'cd'.repeat(32) });
    assert.equal(frame.type, 'auth_success');
    assert.notEqual(frame.session_token, 'cd'.repeat(32));
  });

  test('wrong work is ERR_POW_INVALID, an unknown seed ERR_EXPIRED, and both close 1008', async () => {
    const { hash } = makeIdentity();
    const puzzle = await stage.wire.challenge({ type: 'auth' });
    const wrong = await stage.wire.tryLogin({
      identity_hash: hash,
      seed: puzzle.seed,
      nonce: fail(puzzle, hash),
    });
    assertError(wrong.frame, 'ERR_POW_INVALID');
    assert.equal((await wrong.socket.closed()).code, 1008);
    const unknown = await stage.wire.tryLogin({ identity_hash: hash, seed: '12'.repeat(32), nonce: '5' });
    assertError(unknown.frame, 'ERR_EXPIRED');
    assert.equal((await unknown.socket.closed()).code, 1008);
  });

  test('neither token nor work is unauthorized and closes 1008', async () => {
    const { hash } = makeIdentity();
    const { socket, frame } = await stage.wire.tryLogin({ identity_hash: hash });
    assertError(frame, 'ERR_UNAUTHORIZED');
    assert.equal((await socket.closed()).code, 1008);
  });

  test('half a proof of the key admits nobody', async () => {
    const identity = makeIdentity();
    for (const drop of ['identityKey', 'signature']) {
      const { [drop]: _, ...half }: Record<string, unknown> = { ...(await stage.wire.credentials(identity)) };
      const { frame } = await stage.wire.tryLogin(half);
      assert.equal(frame.type, 'error', `without ${drop}`);
    }
  });

  test('a key that is not the hash, or a signature by another key, is forbidden and closes 1008', async () => {
    const [mine, other] = [makeIdentity(), makeIdentity()];
    const stolen = { ...(await stage.wire.credentials(mine)), identityKey: other.publicKey };
    const forged = await stage.wire.credentials({ ...mine, sign: other.sign });
    for (const payload of [stolen, forged]) {
      const { socket, frame } = await stage.wire.tryLogin(payload);
      assertError(frame, 'ERR_FORBIDDEN');
      assert.equal((await socket.closed()).code, 1008);
    }
  });

  test('the profile constant is an error, never silently jitter, and the socket may still log in', async () => {
    const identity = makeIdentity();
    const socket = await stage.wire.open();
    socket.send({
      type: 'auth',
      payload: { ...(await stage.wire.credentials(identity)), profile: 'constant' },
    });
    assertError(await socket.next('error'), 'ERR_MALFORMED', 'profile');
    socket.send({
      type: 'auth',
      payload: { ...(await stage.wire.credentials(identity)), profile: 'jitter' },
    });
    await socket.next('auth_success');
  });

  test('a second auth on an authenticated socket is malformed and changes nothing', async () => {
    const [identity, other] = [makeIdentity(), makeIdentity()];
    const socket = await stage.wire.login(identity);
    socket.send({ type: 'auth', payload: await stage.wire.credentials(other) });
    assertError(await socket.next('error'), 'ERR_MALFORMED');
    await stage.wire.sendOnce(identity.hash, 'still me');
    assert.equal((await socket.next('msg')).payload, 'still me');
  });

  test('before auth only auth and ping are frames: anything else is unauthorized and closes 1008', async () => {
    const { hash } = makeIdentity();
    for (const frame of [
      { type: 'relay', to: hash, body: 'x' },
      { type: 'delivery_ack', ids: ['0'.repeat(32)] },
      { type: 'presence_update', status: 'x' },
      { type: 'dummy_pacing' },
      { type: 'made_up', to: hash, body: 'x' },
    ]) {
      const socket = await stage.wire.open();
      socket.send(frame);
      assertError(await socket.next('error'), 'ERR_UNAUTHORIZED');
      assert.equal((await socket.closed()).code, 1008, frame.type);
    }
    const binary = await stage.wire.open();
    binary.sendRaw(Buffer.from(`${hash}payload`));
    assertError(await binary.next('error'), 'ERR_UNAUTHORIZED');
    assert.equal((await binary.closed()).code, 1008);
  });

  test('a newer login closes the older socket with 1008, and the newer one gets the messages', async () => {
    const identity = makeIdentity();
    const older = await stage.wire.login(identity);
    const newer = await stage.wire.login(identity);
    assert.equal((await older.closed()).code, 1008);
    await stage.wire.sendOnce(identity.hash, 'for the newer');
    assert.equal((await newer.next('msg')).payload, 'for the newer');
  });

  test('who does not log in is closed with 1008, not before 2 s, and pings do not help', async () => {
    const lives: Promise<number>[] = [];
    // Of several, the one that was opened fastest tells most exactly when the 2 s began.
    for (let n = 0; n < 8; n += 1) {
      const began = performance.now();
      const socket = await stage.wire.open();
      const pings = setInterval(() => {
        if (n % 2 === 1 && socket.open) socket.send({ type: 'ping', timestamp: 1 });
      }, 100);
      const life = socket.closed().then(({ code }) => {
        assert.equal(code, 1008);
        assert.equal(socket.of('pong').length > 0, n % 2 === 1, 'ping is answered before auth');
        return performance.now() - began;
      });
      lives.push(life.finally(() => clearInterval(pings)));
    }
    const shortest = Math.min(...(await Promise.all(lives)));
    assert.ok(shortest >= 1999, `${shortest} ms`);
  });

  test('whoever logs in in time stays beyond the 2 s', async () => {
    const witness = await stage.wire.open();
    const socket = await stage.wire.login(makeIdentity());
    await witness.closed();
    const second = await stage.wire.open();
    await second.closed();
    await socket.settle();
    assert.equal(socket.open, true);
  });

  test('malformed auth frames are errors, not logins', async () => {
    const identity = makeIdentity();
    const good = await stage.wire.credentials(identity, 'work');
    for (const [field, value] of [
      ['identity_hash', identity.hash.toUpperCase()],
      ['identity_hash', identity.hash.slice(1)],
      ['identity_hash', 5],
      ['identity_hash', undefined],
      ['seed', 'abc'],
      ['nonce', -1],
      ['nonce', 1.5],
      ['nonce', '1'.repeat(33)],
      ['nonce', true],
      ['session_token', 5],
      ['profile', 5],
    ] as const) {
      const { frame } = await stage.wire.tryLogin({ ...good, [field]: value });
      assertError(frame, 'ERR_MALFORMED', field);
    }
  });
});
