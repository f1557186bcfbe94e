import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { after, before, test } from 'node:test';
import { startIssuer, type TestIssuer } from '@blindpost/testbed/issuer';
import { makeAccount } from '@blindpost/testbed/wire-account';
import type { E2eeWire } from '@blindpost/testbed/wire-e2ee';
import type { WireAnswer } from '@blindpost/testbed/wire-http';
import { makeJwt } from '@blindpost/testbed/wire-jwt';
import { UpgradeRefused, type WireSocket } from '@blindpost/testbed/wire-socket';
import { assertRefused } from '../relay/answers.js';
import { assertErrorFrame, settle, waiting } from './answers.js';
import { given, sent, tokenOf } from './people.js';
import { ask, routesTo } from './routes.js';
import { onEveryStage, type Stage } from './stage.js';

/** The parts of a token, decoded. */
function partsOf(token: string) {
  const [header, claims, signature] = token.split('.');
  const read = (part: string | undefined): Record<string, unknown> =>
    JSON.parse(Buffer.from(given(part), 'base64url').toString());
  return { header: read(header), claims: read(claims), signature: given(signature) };
}

/** A socket that must not be admitted: refused at the upgrade, or told why and closed with 1008. */
async function assertShutOut(open: () => Promise<WireSocket>, what: string): Promise<void> {
  let socket: WireSocket;
  try {
    socket = await open();
  } catch (error) {
    assert.ok(error instanceof UpgradeRefused, `${what}: ${error}`);
    return assertRefused(error.answer, 401, 'unauthorized');
  }
  const frame = await socket.next('error');
  assertErrorFrame(frame, 'unauthorized', undefined);
  assert.equal((await socket.closed()).code, 1008, what);
  assert.deepEqual(socket.of('auth.ok'), [], what);
}

/** A socket whose first frame is the token. */
async function saying(stage: Stage, token: string): Promise<WireSocket> {
  const socket = await stage.stranger().open();
  socket.send({ type: 'auth', data: { token } });
  return socket;
}

/** The token opens no route and no socket of the server, and nothing happens. */
async function assertNoKey(stage: Stage, token: string, victim: E2eeWire, what: string): Promise<void> {
  const bearer = { authorization: `Bearer ${token}` };
  const stranger = stage.stranger();
  const { id } = await sent(victim, (await stage.account()).id);
  for (const route of routesTo(victim, id)) {
    const answer = await ask(stranger, route, bearer);
    assert.equal(answer.status, 401, `${what}, ${route.path}: ${answer}`);
    assertRefused(answer, 401, 'unauthorized');
  }
  await assertShutOut(() => stranger.open({ headers: bearer }), what);
  if (token === '') return;
  await assertShutOut(() => saying(stage, token), what);
}

await onEveryStage('tokens', (stage) => {
  test('without a token, or with what is none, every route is 401', async () => {
    const alice = await stage.account();
    const stranger = stage.stranger();
    const token = tokenOf(alice);
    const headers: Record<string, string>[] = [
      {},
      { authorization: '' },
      { authorization: 'Bearer' },
      { authorization: 'Bearer ' },
      { authorization: token },
      { authorization: `Basic ${Buffer.from(`${alice.id}:${token}`).toString('base64')}` },
      { authorization: `Token ${token}` },
      { authorization: `Bearer ${token} ${token}` },
      { authorization: `Bearer ${token},Bearer ${token}` },
      { authorization: `Bearer "${token}"` },
      { cookie: `token=${token}; authorization=Bearer ${token}` },
      { 'x-token': token, 'x-access-token': token, 'proxy-authorization': `Bearer ${token}` },
    ];
    for (const each of headers) {
      for (const route of routesTo(alice))
        assertRefused(await ask(stranger, route, each), 401, 'unauthorized');
    }
    assert.deepEqual(await waiting(alice), []);
    assertRefused(await alice.get('/keys/me'), 404, 'not_found');
  });

  test('a token in the query is none', async () => {
    const alice = await stage.account();
    for (const name of ['token', 'access_token', 'authorization', 'jwt', 'auth']) {
      const query = `?${name}=${tokenOf(alice)}`;
      for (const { method, path, body } of routesTo(alice)) {
        const route = { method, path: `${path}${query}`, ...(body === undefined ? {} : { body }) };
        assertRefused(await ask(stage.stranger(), route), 401, 'unauthorized');
      }
      const socket = await stage
        .stranger()
        .open({ query })
        .catch((error: unknown) => {
          assert.ok(error instanceof UpgradeRefused, String(error));
          return null;
        });
      if (socket === null) continue;
      // Nobody came in by it: the first frame that is not auth is refused.
      socket.send({ type: 'e2ee.ack', ref: 1, data: { upTo: 1 } });
      assert.equal((await socket.closed()).code, 1008);
      assert.deepEqual([...socket.of('auth.ok'), ...socket.of('e2ee.acked')], []);
    }
  });

  test('a token that was tampered with, or signed by another, opens nothing', async () => {
    const [alice, eve] = [await stage.account(), await stage.account()];
    const { header, claims, signature } = partsOf(tokenOf(eve));
    const stolen = { ...claims, sub: alice.id };
    const { privateKey } = generateKeyPairSync('ed25519');
    const keyless = (input: Buffer) => createHmac('sha256', '').update(input).digest();
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const forged: Record<string, string> = {
      'another subject under the old signature': `${part(header)}.${part(stolen)}.${signature}`,
      'no signature': `${part(header)}.${part(stolen)}.`,
      'no signature at all': `${part(header)}.${part(stolen)}`,
      'algorithm none': makeJwt({ ...header, alg: 'none' }, stolen, () => Buffer.alloc(0)),
      'algorithm NONE': makeJwt({ ...header, alg: 'NONE' }, stolen, () => Buffer.alloc(0)),
      'an HMAC of an empty key': makeJwt({ ...header, alg: 'HS256' }, stolen, keyless),
      'another key': makeJwt(header, stolen, (input) => sign(null, input, privateKey)),
      'another key, sent along': makeJwt(
        { ...header, jwk: { ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }) } },
        stolen,
        (input) => sign(null, input, privateKey),
      ),
      'a signature of zeros': makeJwt(header, stolen, () => Buffer.alloc(64)),
      garbage: 'x.y.z',
      'one letter': 'x',
      'very long': 'x'.repeat(6_000),
    };
    for (const [what, token] of Object.entries(forged)) await assertNoKey(stage, token, alice, what);
    assert.deepEqual(await waiting(alice), []);
  });

  test('a token that was revoked opens nothing and its sockets end, others of the account stay', async () => {
    const account = await makeAccount(stage.url);
    const other = stage.client({ id: account.id, token: account.token });
    const first = stage.client({ id: account.id, token: await account.login() });
    assert.notEqual(tokenOf(first), tokenOf(other));
    const [mine, theirs] = [await first.listen(), await other.listen()];
    const answer = await first.revoke();
    assert.equal(answer.status, 204, String(answer));
    assert.equal((await mine.closed()).code, 1008);
    await assertNoKey(stage, tokenOf(first), other, 'revoked');
    await settle(theirs);
  });

  test('all of an account are revoked at once, with all its sockets', async () => {
    const account = await makeAccount(stage.url);
    const tokens = [account.token, await account.login(), await account.login()];
    const wires = tokens.map((token) => stage.client({ id: account.id, token }));
    const sockets = await Promise.all(wires.map((wire) => wire.listen()));
    const answer = await given(wires[0]).revoke(true);
    assert.equal(answer.status, 204, String(answer));
    for (const socket of sockets) assert.equal((await socket.closed()).code, 1008);
    for (const wire of wires) assertRefused(await wire.status(), 401, 'unauthorized');
    const later = stage.client({ id: account.id, token: await account.login() });
    assert.equal((await later.status()).status, 200);
  });

  test('a token of an erased account opens nothing', async () => {
    const [alice, gone] = [await stage.account(), await stage.account()];
    assert.equal((await gone.erase()).status, 204);
    await assertNoKey(stage, tokenOf(gone), alice, 'erased');
  });

  test('a second auth on a socket changes nobody', async () => {
    const [alice, bob] = [await stage.account(), await stage.account()];
    const socket = await alice.attend({ by: 'frame' });
    socket.send({ type: 'auth', data: { token: tokenOf(bob) } });
    await sent(alice, bob.id);
    await sent(bob, alice.id);
    await socket.next('e2ee.envelope').catch(() => null);
    for (const frame of socket.of('e2ee.envelope')) {
      assert.equal(Reflect.get(Object(frame.data), 'recipientId'), alice.id);
    }
    for (const frame of socket.of('auth.ok')) {
      assert.equal(Reflect.get(Object(frame.data), 'accountId'), alice.id);
    }
  });
});

await onEveryStage(
  'tokens across restarts',
  (stage) => {
    test('none that was revoked or erased comes back after a kill, and the others hold', async () => {
      const account = await makeAccount(stage.url);
      const [kept, gone] = [stage.client({ id: account.id, token: account.token }), await stage.account()];
      const revoked = stage.client({ id: account.id, token: await account.login() });
      assert.equal((await revoked.revoke()).status, 204);
      assert.equal((await gone.erase()).status, 204);
      await stage.restart('kill');
      await assertNoKey(stage, tokenOf(revoked), stage.again(kept), 'revoked before a restart');
      await assertNoKey(stage, tokenOf(gone), stage.again(kept), 'erased before a restart');
    });

    test('one of a server whose secret or public address is another opens nothing', async () => {
      const account = await makeAccount(stage.url);
      const alice = stage.client({ id: account.id, token: account.token });
      const secret = 'another-secret-for-tests-that-is-long-enough-0123456789';
      await stage.restart('stop', { BLINDPOST_SECRET: secret });
      const anew = stage.client({ id: account.id, token: await account.login(stage.url) });
      assert.equal((await anew.status()).status, 200);
      await assertNoKey(stage, tokenOf(alice), anew, 'another secret');
      await stage.restart('stop', { PUBLIC_URL: 'https://elsewhere.example' });
      assertRefused(await stage.again(alice).status(), 401, 'unauthorized');
      await stage.restart('stop');
      await assertNoKey(stage, tokenOf(anew), stage.again(alice), 'and the other way round');
      assert.equal((await stage.again(alice).status()).status, 200);
    });
  },
  { own: true },
);

await onEveryStage(
  'tokens of an outside issuer',
  (stage) => {
    let issuer: TestIssuer;
    let own: E2eeWire;

    before(async () => {
      issuer = await startIssuer();
      own = await stage.account();
      await stage.restart('stop', issuer.env);
    });
    after(() => issuer.stop());

    const asked = (token: string): Promise<WireAnswer> =>
      stage.stranger().get('/keys/status', { authorization: `Bearer ${token}` });

    test('its tokens are accounts from the first request, and can be written to', async () => {
      const [alice, bob] = [randomUUID(), randomUUID()];
      assert.equal((await asked(issuer.sign(alice))).status, 200);
      const writer = stage.outsider(issuer, bob);
      await sent(writer, alice);
      const queue = await waiting(stage.outsider(issuer, alice));
      assert.equal(queue[0]?.senderId, bob);
      await writer.listen();
    });

    test('our own tokens do not pass', async () => {
      assertRefused(await asked(tokenOf(own)), 401, 'unauthorized');
      await assertShutOut(() => saying(stage, tokenOf(own)), 'our own');
    });

    test('a token that is expired, not yet valid, of another issuer, audience or key opens nothing', async () => {
      const [alice, now] = [randomUUID(), Math.floor(Date.now() / 1_000)];
      const person = stage.outsider(issuer, alice);
      await person.get('/keys/status');
      const stranger = await startIssuer();
      const wrong: Record<string, string> = {
        expired: issuer.sign(alice, { exp: now - 300 }),
        'not yet valid': issuer.sign(alice, { nbf: now + 600 }),
        'without an end': issuer.sign(alice, { exp: undefined }),
        'another issuer': issuer.sign(alice, { iss: 'https://evil.example' }),
        'no issuer': issuer.sign(alice, { iss: undefined }),
        'another audience': issuer.sign(alice, { aud: 'someone-else' }),
        'no audience': issuer.sign(alice, { aud: undefined }),
        'a key of another': stranger.sign(alice, { iss: issuer.url }),
        'a key of another that says it is ours': stranger.sign(
          alice,
          { iss: issuer.url },
          { kid: partsOf(issuer.sign(alice)).header.kid },
        ),
        'keys at an address of its own': stranger.sign(alice, { iss: issuer.url }, { jku: stranger.jwksUrl }),
        'algorithm none': makeJwt({ alg: 'none' }, partsOf(issuer.sign(alice)).claims, () => Buffer.alloc(0)),
        'a name that is no UUID': issuer.sign('alice'),
        'an empty name': issuer.sign(''),
        'no name': issuer.sign(alice, { sub: undefined }),
        'a name in a list': issuer.sign(alice, { sub: [alice] }),
      };
      const jwks = await (await fetch(issuer.jwksUrl)).text();
      for (const secret of [jwks, JSON.stringify(JSON.parse(jwks).keys[0])]) {
        const { header, claims } = partsOf(issuer.sign(alice));
        const confused = makeJwt({ ...header, alg: 'HS256' }, claims, (input) =>
          createHmac('sha256', secret).update(input).digest(),
        );
        wrong[`an HMAC keyed with what is public (${secret.length})`] = confused;
      }
      try {
        for (const [what, token] of Object.entries(wrong)) {
          const answer = await asked(token);
          assert.equal(answer.status, 401, `${what}: ${answer}`);
          assertRefused(answer, 401, 'unauthorized');
          await assertShutOut(() => saying(stage, token), what);
        }
      } finally {
        await stranger.stop();
      }
      assert.equal((await person.get('/keys/status')).status, 200);
    });

    test('a socket ends with its token', async () => {
      const alice = randomUUID();
      const soon = Math.floor(Date.now() / 1_000) + 3;
      const socket = await stage.outsider(issuer, alice, { exp: soon }).listen();
      const { code } = await socket.closed();
      assert.equal(code, 1008);
    });

    test('without it configured, its tokens do not pass', async () => {
      const alice = randomUUID();
      const token = issuer.sign(alice);
      assert.equal((await asked(token)).status, 200);
      await stage.restart('stop');
      assertRefused(await asked(token), 401, 'unauthorized');
      assert.equal((await stage.again(own).get('/keys/status')).status, 200);
    });
  },
  { own: true, stages: ['sqlite'] },
);
