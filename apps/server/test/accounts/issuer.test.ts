import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { startIssuer, type TestIssuer } from '@blindpost/testbed/issuer';
import { ServerNotStarted, startServer, type TestServer } from '@blindpost/testbed/server';
import { assertRefused } from '../relay/answers.js';
import { eventually, onEveryDatabase, Stage } from './stage.js';

const issuer: TestIssuer = await startIssuer();
after(() => issuer.stop());

const ID = '11111111-1111-1111-1111-111111111111';
const seconds = () => Math.floor(Date.now() / 1000);

await onEveryDatabase(
  'an outside issuer',
  (stage) => {
    const refused = async (token: string) => assertRefused(await stage.probe(token), 401, 'unauthorized');

    test('its tokens hold for whatever UUID, in either case', async () => {
      for (const sub of [ID, ID.replaceAll('1', 'A'), randomUUID()]) {
        assert.equal(await stage.holds(issuer.sign(sub)), true, sub);
      }
      await refused(issuer.sign('alice'));
      await refused(issuer.sign(ID.slice(1)));
    });

    test('our own ways in are closed, and our own tokens worth nothing', async () => {
      for (const path of ['', '/', '/challenge', '/token']) {
        assertRefused(await stage.post(path, {}), 404, 'not_found');
      }
    });

    test('tokens of others, for others, expired or without an end are refused', async () => {
      for (const claims of [
        { iss: 'https://evil.example' },
        { aud: 'another' },
        { exp: seconds() - 1 },
        { exp: undefined },
        { iat: undefined },
        { nbf: seconds() + 600 },
      ]) {
        await refused(issuer.sign(ID, claims));
      }
      await refused(issuer.sign(ID, {}, { alg: 'none' }));
      await refused(issuer.sign(ID, {}, { alg: 'HS256' }));
      await refused(issuer.sign(ID, {}, { kid: 'unknown' }));
    });

    test('a token is ended alone, or with all made until then', async () => {
      const id = randomUUID();
      const [one, other] = [issuer.sign(id), issuer.sign(id)];
      assert.equal((await stage.revoke(one)).status, 204);
      await refused(one);
      assert.equal(await stage.holds(other), true);
      assert.equal((await stage.revoke(other, true)).status, 204);
      await refused(other);
      await refused(issuer.sign(id, { iat: seconds() - 5 }));
      assert.equal(await stage.holds(issuer.sign(id, { iat: seconds() + 5 })), true);
      assert.equal(await stage.holds(issuer.sign(randomUUID())), true);
    });

    test('after an erasure earlier tokens stay dead, also over a restart; a later one begins anew', async () => {
      const id = randomUUID();
      const [one, other] = [issuer.sign(id), issuer.sign(id)];
      assert.equal(await stage.holds(other), true);
      assert.equal((await stage.erase(one)).status, 204);
      for (const token of [one, other]) await refused(token);
      await stage.restart('kill');
      for (const token of [one, other]) await refused(token);
      assert.equal(await stage.holds(issuer.sign(id, { iat: seconds() + 5 })), true);
    });

    test('a new key is found when a token comes that it signed; an unpublished one is not', async () => {
      const old = issuer.sign(ID);
      issuer.rotate();
      await eventually('the new key counts', () => stage.holds(issuer.sign(ID)));
      assert.equal(await stage.holds(old), true);
      issuer.rotate('ES256', false);
      await refused(issuer.sign(ID));
      issuer.rotate();
    });
  },
  { env: issuer.env },
);

describe('an issuer that is away', () => {
  let gone: TestIssuer;
  let stage: Stage;
  before(async () => {
    gone = await startIssuer('RS256');
    gone.broken = true;
    stage = new Stage('sqlite', { env: gone.env });
    await stage.open();
  });
  after(async () => {
    await stage.shut();
    await gone.stop();
  });

  test('makes tokens 503, not 401, until it is back', async () => {
    const token = gone.sign(ID);
    for (let n = 0; n < 5; n++) {
      const answer = await stage.probe(token);
      assertRefused(answer, 503, 'unavailable');
      assert.ok(Number(answer.headers['retry-after']) > 0);
    }
    assertRefused(await stage.probe('a.b.c'), 401, 'unauthorized');
    gone.broken = false;
    await eventually('the token holds', async () => (await stage.probe(token)).status === 400);
    await gone.stop();
    assert.equal(await stage.holds(gone.sign(randomUUID())), true);
  });
});

describe('an issuer that is set later', () => {
  const stage = new Stage('sqlite', { own: true });
  before(() => stage.open());
  after(() => stage.shut());

  test('speaks for no account that has a key, and our own tokens are over', async () => {
    const account = await stage.account();
    await stage.restart('stop', issuer.env);
    assertRefused(await stage.probe(issuer.sign(account.id)), 401, 'unauthorized');
    assertRefused(await stage.probe(account.token), 401, 'unauthorized');
    assert.equal(await stage.holds(issuer.sign(randomUUID())), true);
  });
});

describe('settings of an issuer', () => {
  const starts = async (env: Record<string, string>): Promise<string> => {
    let server: TestServer;
    try {
      server = await startServer({ services: ['e2ee'], env });
    } catch (error) {
      assert.ok(error instanceof ServerNotStarted, String(error));
      return error.stderr + error.stdout;
    }
    await server.stop();
    return 'started';
  };

  test('one that is missing is named at the start', async () => {
    const { AUTH_ISSUER = '' } = issuer.env;
    const said = await starts({ AUTH_ISSUER });
    for (const name of ['AUTH_AUDIENCE', 'AUTH_JWKS_URL'])
      assert.match(said, new RegExp(`${name} is required`));
  });

  test('in production keys come over https', async () => {
    const production = {
      NODE_ENV: 'production',
      ADMIN_API_KEY: 'k'.repeat(32),
      BLINDPOST_SECRET: 's'.repeat(32),
    };
    const open = { ...issuer.env, AUTH_JWKS_URL: 'http://id.example/keys' };
    assert.match(await starts({ ...production, ...open }), /AUTH_JWKS_URL must be https/);
    assert.equal(await starts({ ...production, ...issuer.env }), 'started');
  });
});
