import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assertRefused } from '../relay/answers.js';
import { onEveryDatabase, SCALE } from './stage.js';

const RUNS = Math.max(100, Math.round(2_000 * SCALE));

await onEveryDatabase('input that is none', (stage) => {
  const json = { 'content-type': 'application/json' };

  test('a body that is not what a route takes is 400 and names the member', async () => {
    const wrong: [string, unknown, string][] = [
      ['', {}, 'publicKey'],
      ['', { publicKey: 1, signature: `${'A'.repeat(86)}==` }, 'publicKey'],
      ['/challenge', {}, 'accountId'],
      ['/challenge', { accountId: 'alice' }, 'accountId'],
      ['/challenge', { accountId: ['11111111-1111-1111-1111-111111111111'] }, 'accountId'],
      ['/token', {}, 'accountId'],
      ['/token', { accountId: '11111111-1111-1111-1111-111111111111' }, 'challenge'],
      ['/challenge', [], 'body'],
      ['/challenge', null, 'body'],
      ['/challenge', 'text', 'body'],
    ];
    for (const [path, body, field] of wrong) {
      assertRefused(await stage.post(path, body), 400, 'invalid_request', field);
    }
  });

  test('behind a token too: a member of another type or name', async () => {
    const { token } = await stage.account();
    const headers = { authorization: `Bearer ${token}` };
    for (const [body, field] of [
      [{ all: 1 }, 'all'],
      [{ all: 'true' }, 'all'],
      [{ al: true }, 'al'],
    ] as const) {
      assertRefused(await stage.post('/revoke', body, { headers }), 400, 'invalid_request', field);
    }
    assert.equal(await stage.holds(token), true);
  });

  test('a body that is no JSON, too large or of another type', async () => {
    const send = (body: string, headers: Record<string, string>) =>
      stage.request('/challenge', { method: 'POST', body, headers });
    assertRefused(await send('{', json), 400, 'invalid_request', 'body');
    assertRefused(await send('{"__proto__": 1}', json), 400, 'invalid_request', 'body');
    assertRefused(await send(`"${'x'.repeat(17_000)}"`, json), 413, 'payload_too_large');
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const answer = await send('{}', { 'content-type': type });
      assertRefused(answer, 415, 'unsupported_media_type', 'content-type');
      assert.equal(answer.headers['cache-control'], 'no-store');
    }
  });

  test('what is not there is 404', async () => {
    for (const path of ['/nothing', '/me/', '/token/x']) {
      assertRefused(await stage.request(path), 404, 'not_found');
    }
    assertRefused(await stage.request('/me'), 404, 'not_found');
  });

  test(`${RUNS} bodies and headers of whatever kind: no 5xx, and always the one shape`, async () => {
    const { token } = await stage.account();
    const text = fc.stringMatching(/^[\x20-\x7e]{0,80}$/);
    const member = fc.oneof(text, fc.jsonValue(), fc.constant('11111111-1111-1111-1111-111111111111'));
    const body = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .dictionary(
          fc.constantFrom('publicKey', 'signature', 'accountId', 'challenge', 'all', 'x', '__proto__'),
          member,
        )
        .map((value) => JSON.stringify(value)),
    );
    const authorization = fc.oneof(
      text,
      text.map((value) => `Bearer ${value}`),
      fc.nat({ max: token.length }).map((at) => `Bearer ${token.slice(0, at)}A${token.slice(at + 2)}`),
    );
    const headers = fc.record(
      {
        authorization,
        'content-type': fc.oneof(fc.constant('application/json'), text),
        'x-pow-seed': fc.oneof(text, fc.constant('ab'.repeat(32))),
        'x-pow-nonce': text,
        'x-forwarded-for': text,
      },
      { requiredKeys: [] },
    );
    const route = fc.constantFrom(
      ['POST', ''],
      ['POST', '/challenge'],
      ['POST', '/token'],
      ['POST', '/revoke'],
      ['DELETE', '/me'],
    );
    await fc.assert(
      fc.asyncProperty(route, headers, body, async ([method = '', path = ''], sent, payload) => {
        const length = String(Buffer.byteLength(payload));
        const answer = await stage.request(path, {
          method,
          headers: { ...sent, 'content-length': length },
          body: payload,
        });
        assert.ok(answer.status < 500, String(answer));
        if (answer.status >= 400) assertRefused(answer, answer.status, String(answer.json.error));
      }),
      { numRuns: RUNS },
    );
    assert.equal(await stage.holds(token), true);
  });
});
