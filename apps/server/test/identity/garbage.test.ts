/** Whatever is sent to whatever route: an answer of the one shape, never a 5xx, and nothing changed. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { WireAnswer } from '@blindpost/testbed/wire-http';
import fc from 'fast-check';
import { assertRefused } from '../relay/answers.js';
import { ADMIN, onEveryStage, SCALE, type Stage } from './stage.js';

const RUNS = Math.max(40, Math.round(1_000 * SCALE));

const POSTS: Record<string, readonly string[]> = {
  '/attest': [
    'entityCommitment',
    'entityType',
    'expiresAt',
    'attester',
    'signatureR8X',
    'signatureR8Y',
    'signatureS',
  ],
  '/verify': ['proof', 'publicSignals', 'domain', 'expect', 'consume'],
  '/verify/batch': ['proofs', 'domain', 'expect'],
  '/verify/record': ['nullifier', 'contextId', 'domain', 'proof', 'publicSignals'],
  '/prove': ['entityType', 'entitySecret', 'context'],
  '/admin/attesters': [
    'id',
    'name',
    'allowedTypes',
    'contact',
    'publicKeyX',
    'publicKeyY',
    'proofOfPossession',
    'development',
  ],
};

/** What stands in the place of a number, a text or a proof. */
const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.constantFrom('0x', '-1', '01', '1e9', '\u0000', '\ud800', '__proto__', 'constructor', '9'.repeat(80)),
  fc.bigInt({ min: 0n, max: 2n ** 260n }).map(String),
);
const coordinate = fc.oneof(oddText, fc.constantFrom('0', '1', '2'));
const proof = fc.record({
  pi_a: fc.array(coordinate, { minLength: 3, maxLength: 3 }),
  pi_b: fc.array(fc.array(coordinate, { minLength: 2, maxLength: 2 }), { minLength: 3, maxLength: 3 }),
  pi_c: fc.array(coordinate, { minLength: 3, maxLength: 3 }),
  protocol: fc.constant('groth16'),
});
const signals = fc.array(coordinate, { minLength: 5, maxLength: 5 });
const odd = fc.oneof(
  oddText,
  proof,
  signals,
  fc.record({ proof, publicSignals: signals }).map((claim) => [claim]),
  fc.record(
    { entityType: oddText, category: oddText, contextId: oddText, maxAgeMs: fc.double() },
    { requiredKeys: [] },
  ),
  fc.record({ signatureR8X: coordinate, signatureR8Y: coordinate, signatureS: coordinate }),
  fc.constantFrom('AI.CA', 'development', ['AI.CA'], true, null, 0, 257),
  fc.jsonValue({ maxDepth: 3 }),
);

await onEveryStage('garbage', suite, {
  // In development, for `/prove`.
  env: { NODE_ENV: undefined },
  stages: ['sqlite', 'postgres'],
});

function suite(stage: Stage): void {
  let wire: Stage['wire'];
  let key = '';
  before(async () => {
    wire = stage.wire;
    const registered = await wire.register({ id: 'lab', name: 'Lab', allowedTypes: ['AI.CA'] });
    key = String(registered.json.apiKey);
  });

  function assertAnswered(answer: WireAnswer): void {
    assert.ok(answer.status < 500, String(answer));
    if (answer.status < 400) return;
    assert.match(String(answer.headers['content-type']), /^application\/json/);
    const { error, message, details, valid } = answer.json;
    assert.equal(typeof error, 'string', String(answer));
    assert.equal(typeof message, 'string');
    assert.equal(typeof details, 'object');
    assert.ok(valid === undefined || valid === false);
  }

  for (const [path, members] of Object.entries(POSTS)) {
    test(`POST ${path} answers any members, and registers or attests nothing by them`, async () => {
      const before = (await wire.get('/registry')).raw.toString();
      const body = fc.record(Object.fromEntries(members.map((name) => [name, odd])), { requiredKeys: [] });
      await fc.assert(
        fc.asyncProperty(body, async (value) => {
          const bearer = path.startsWith('/admin') ? ADMIN : key;
          const answer = await wire.post(path, value, { key: bearer });
          assertAnswered(answer);
          if (path === '/admin/attesters' || path.startsWith('/verify/record'))
            assert.notEqual(answer.status, 200);
        }),
        { numRuns: RUNS },
      );
      assert.equal((await wire.get('/registry')).raw.toString(), before);
    });
  }

  test('bodies that are no JSON, or no object, are refused in the one shape', async () => {
    const bodies = ['{', '', '[]', '"x"', '1', 'null', 'true', '{"a":1}}', '\u0000', '{"__proto__":{"x":1}}'];
    for (const path of Object.keys(POSTS)) {
      const bearer = path.startsWith('/admin') ? ADMIN : key;
      for (const body of bodies) {
        const answer = await wire.send('POST', path, body, { key: bearer });
        assertAnswered(answer);
        assert.equal(answer.status, 400, `${path} ${body}: ${answer}`);
        assert.equal(answer.json.error, 'invalid_request');
      }
      const form = { headers: { 'content-type': 'text/plain' }, key: bearer };
      assertRefused(await wire.send('POST', path, '{}', form), 415, 'unsupported_media_type');
      const large = JSON.stringify({ padding: 'x'.repeat(600_000) });
      assertRefused(await wire.send('POST', path, large, { key: bearer }), 413, 'payload_too_large');
    }
  });

  test('any path and method below /api/v1 has an answer in the one shape', async () => {
    const segment = fc.oneof(
      fc.constantFrom(
        'registry',
        'attesters',
        'verify',
        'admin',
        'proof',
        'leaves',
        'lab',
        '..',
        '%00',
        '%2f',
        '%',
      ),
      fc.string({ unit: fc.constantFrom(...'abc/%?#&=.~'), maxLength: 8 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'OPTIONS'),
        fc.array(segment, { maxLength: 4 }),
        async (method, parts) => {
          const path = `/${parts.join('/')}`;
          assertAnswered(await wire.send(method, path, method === 'POST' ? '{}' : undefined));
          // Nobody is revoked by accident.
          if (method !== 'DELETE') assertAnswered(await wire.send(method, path, undefined, { key: ADMIN }));
        },
      ),
      { numRuns: RUNS },
    );
    for (const path of ['/api/v1', '/api/v1/', '/api/v1/nothing', '/api/v2/registry', '/API/v1/registry']) {
      const answer = await wire.send('GET', path.replace('/api/v1', ''), undefined);
      assert.ok(answer.status < 500);
    }
    assertRefused(await wire.get('/nothing'), 404, 'not_found');
    assertRefused(await wire.send('PUT', '/registry', '{}'), 404, 'not_found');
  });

  test('queries of any kind are answered or refused, and named', async () => {
    const query = fc.array(
      fc.tuple(fc.constantFrom('after', 'take', 'x'), fc.oneof(fc.nat().map(String), oddText)),
      { maxLength: 3 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('/registry/leaves', '/registry/attesters', '/admin/audit'),
        query,
        async (path, pairs) => {
          const text = pairs
            .map(([name, value]) => `${name}=${encodeURIComponent(value.replace(/\p{Cs}/gu, '?'))}`)
            .join('&');
          assertAnswered(await wire.get(`${path}?${text}`, { key: ADMIN }));
        },
      ),
      { numRuns: RUNS },
    );
  });
}
