import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AttestAnswer, RegisterAttesterAnswer } from '@blindpost/protocol/identity';
import { removeDirectory, temporaryDirectory } from '@blindpost/testbed/process';
import { startServer, type TestServer } from '@blindpost/testbed/server';
import type { WireAnswer } from '@blindpost/testbed/wire-http';
import { type Asking, IdentityWire } from '@blindpost/testbed/wire-identity';
import { assertOk, assertRefused } from '../relay/answers.js';
import { ADMIN } from './stage.js';

/** The document's limits, which are those of a server that is told none. */
const DEFAULTS = {
  ADMIN_API_KEY: ADMIN,
  IDENTITY_LIMIT_VERIFY: undefined,
  IDENTITY_LIMIT_ATTEST: undefined,
  IDENTITY_LIMIT_REGISTRY: undefined,
  IDENTITY_LIMIT_REQUESTS: undefined,
};

async function withServer(
  env: Record<string, string | undefined>,
  use: (wire: IdentityWire, server: TestServer) => Promise<void>,
): Promise<void> {
  const server = await startServer({ services: ['identity'], env: { ...DEFAULTS, ...env } });
  try {
    await use(new IdentityWire(server.url, ADMIN), server);
  } finally {
    await server.stop();
  }
}

/** Answers until one is refused for its number, and that one. */
async function untilRefused(ask: () => Promise<WireAnswer>, most: number): Promise<WireAnswer[]> {
  const answers: WireAnswer[] = [];
  while (answers.length < most && answers.at(-1)?.status !== 429) answers.push(await ask());
  return answers;
}

function assertLimited(answers: readonly WireAnswer[], allowed: number, limit: number): void {
  // Buckets refill evenly: one may be full again while they are counted.
  assert.ok(
    answers.length >= allowed + 1 && answers.length <= allowed * 1.5 + 2,
    `${answers.length} answers`,
  );
  const refused = answers.at(-1) ?? assert.fail();
  assertRefused(refused, 429, 'rate_limit_exceeded');
  assert.ok(Number(refused.headers['retry-after']) >= 1);
  assert.equal(refused.headers['x-ratelimit-limit'], String(limit));
  assert.match(String(refused.headers['content-type']), /^application\/json/);
}

describe('limits', () => {
  test("the document's limits: per address for proofs and registry, per attester for attestations", () =>
    withServer({}, async (wire) => {
      const verify = (asking: Asking) => wire.verify({}, asking);
      const first = '127.0.0.2';
      assertLimited(await untilRefused(() => verify({ from: first }), 200), 100, 100);
      assert.equal((await verify({ from: '127.0.0.3' })).status, 400, 'another address');
      for (const path of ['/verify/record', '/verify/batch']) {
        // A moment later there may be room for a few.
        const answers = await untilRefused(() => wire.post(path, {}, { from: first }), 50);
        assertRefused(answers.at(-1) ?? assert.fail(), 429, 'rate_limit_exceeded');
        assert.ok(answers.length < 50, 'the same bucket');
      }

      for (const path of ['/registry', '/registry/attesters', '/registry/leaves', '/registry/roots']) {
        const from = `127.0.1.${path.length}`;
        assertLimited(await untilRefused(() => wire.get(path, { from }), 120), 60, 60);
        const ofPath = () => wire.get('/registry/attesters/development/proof', { from });
        const others = await untilRefused(ofPath, 40);
        assertRefused(others.at(-1) ?? assert.fail(), 429, 'rate_limit_exceeded');
        assert.ok(others.length < 40, 'the same bucket');
        assert.equal((await wire.get('/types', { from })).status, 200, 'not of the registry');
      }

      const keys: string[] = [];
      for (const id of ['one', 'two']) {
        const registered = await wire.register({ id, name: id, allowedTypes: ['AI.CA'] });
        keys.push(assertOk(registered, RegisterAttesterAnswer).apiKey);
      }
      const [one, two] = keys;
      const claim = { entityCommitment: '1', entityType: 'AI.CA' };
      let at = 0;
      // From wherever it asks.
      const attest = (key: string | undefined) =>
        wire.post('/attest', claim, { key, from: `127.0.2.${(at++ % 200) + 1}` });
      assertLimited(await untilRefused(() => attest(one), 30), 10, 10);
      assert.equal((await attest(two)).status, 200, 'another attester');
      // A wrong key takes nothing of anybody's.
      for (let n = 0; n < 20; n += 1) assertRefused(await attest('0'.repeat(64)), 401, 'unauthorized');
      assert.equal((await attest(two)).status, 200);
    }));

  test('who is over a limit again and again waits for that one alone, and is shut out of nothing', () =>
    withServer({ RELAY_LIMIT_JAIL: undefined, IDENTITY_LIMIT_REGISTRY: '2' }, async (wire) => {
      const { apiKey } = assertOk(
        await wire.register({ id: 'lab', name: 'Lab', allowedTypes: ['AI.CA'] }),
        RegisterAttesterAnswer,
      );
      const answers = await Promise.all(Array.from({ length: 30 }, () => wire.get('/registry')));
      for (const answer of answers.filter(({ status }) => status !== 200)) {
        assertRefused(answer, 429, 'rate_limit_exceeded');
        assert.equal(answer.headers['retry-after'], '60', 'the minute of the document');
      }
      assert.equal((await wire.get('/types')).status, 200);
      assertOk(await wire.attest({ entityCommitment: '1', entityType: 'AI.CA' }, apiKey), AttestAnswer);
    }));

  test('each proof of a batch counts, and an admin is not shut out by what others do', () =>
    withServer({ IDENTITY_LIMIT_VERIFY: '10', IDENTITY_LIMIT_REGISTRY: '1' }, async (wire) => {
      const point = ['1', '2', '1'];
      const pair = ['1', '2'];
      const proof = { pi_a: point, pi_b: [pair, pair, ['1', '0']], pi_c: point, protocol: 'groth16' };
      const one = { proof, publicSignals: ['1', '2', '257', '4', '5'] };
      const batch = (count: number) => wire.post('/verify/batch', { proofs: Array(count).fill(one) });
      // More than there is ever room for: to wait would not help.
      const large = await batch(11);
      assertRefused(large, 400, 'invalid_request', 'proofs');
      assert.match(String(large.json.message), /at most 10/);
      const answer = await wire.post('/verify/batch', { proofs: Array(8).fill(one) }, { from: '127.0.0.7' });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers['x-ratelimit-remaining'], '2');
      const whole = await wire.post('/verify/batch', { proofs: Array(10).fill(one) }, { from: '127.0.0.8' });
      assert.equal(whole.status, 200, 'the whole bucket');
      assertRefused(await batch(10), 429, 'rate_limit_exceeded');

      await untilRefused(() => wire.get('/registry'), 50);
      assert.equal((await wire.get('/admin/audit', { key: ADMIN })).status, 200);
    }));

  test('attestations and attesters have a bound, and an answer at it', async () => {
    const directory = await temporaryDirectory('identity-bound');
    const claim = { entityCommitment: '1', entityType: 'AI.CA', attester: 'development' };
    try {
      let key = '';
      await withServer({ DATA_DIR: directory }, async (wire) => {
        assertOk(await wire.attest(claim), AttestAnswer);
        const prover = await wire.register({ id: 'prover', name: 'Prover', allowedTypes: ['AI.CA'] });
        key = assertOk(prover, RegisterAttesterAnswer).apiKey;
      });
      const bounds = { IDENTITY_LIMIT_ATTESTATIONS: '1', IDENTITY_LIMIT_ATTESTERS: '3' };
      await withServer({ DATA_DIR: directory, ...bounds }, async (wire) => {
        assertRefused(await wire.attest(claim), 507, 'storage_full');
        // What the server proves it attests first.
        const proving = { entityType: 'AI.CA', context: 'a' };
        assertRefused(await wire.post('/prove', proving, { key }), 507, 'storage_full');
        // Beside that one and the one of development.
        const lab = (id: string) => wire.register({ id, name: id, allowedTypes: ['AI.CA'] });
        assertOk(await lab('one'), RegisterAttesterAnswer);
        assertRefused(await lab('two'), 507, 'storage_full');
        assert.equal((await wire.revoke('one')).status, 200);
        assertOk(await lab('two'), RegisterAttesterAnswer);
      });
    } finally {
      removeDirectory(directory);
    }
  });
});
