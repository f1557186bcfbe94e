import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  AttestAnswer,
  Attesters,
  ProveAnswer,
  RegisterAttesterAnswer,
  Verified,
} from '@blindpost/protocol/identity';
import { startServer, type TestServer } from '@blindpost/testbed/server';
import { IdentityWire } from '@blindpost/testbed/wire-identity';
import { commitmentOf, nullifierOf, secretsFromHex } from '@blindpost/zk/entity';
import { assertOk, assertRefused } from '../relay/answers.js';
import { ADMIN } from './stage.js';

const CLAIM = { entityCommitment: '12345', entityType: 'AI.CA' };
const SECRET = 'ab'.repeat(32);

describe('in development', () => {
  let server: TestServer;
  let wire: IdentityWire;
  before(async () => {
    server = await startServer({ services: ['identity'], env: { ADMIN_API_KEY: ADMIN } });
    wire = new IdentityWire(server.url, ADMIN);
  });
  after(() => server.stop());

  test('there is an attester for everybody, which attests without a key and says what it is', async () => {
    const { attesters } = assertOk(await wire.get('/registry/attesters'), Attesters);
    assert.deepEqual(
      attesters.map(({ id, development }) => ({ id, development })),
      [{ id: 'development', development: true }],
    );
    assert.equal(attesters[0]?.types.length, 16);
    const answer = assertOk(await wire.attest({ ...CLAIM, attester: 'development' }), AttestAnswer);
    assert.equal(answer.development, true);
  });

  test("the document's snippet works once its attester is registered as one of development", async () => {
    const body = { id: 'anthropic', name: 'Anthropic', allowedTypes: ['AI.CA'], development: true };
    const { attester, apiKey } = assertOk(await wire.register(body), RegisterAttesterAnswer);
    assert.equal(attester.development, true);
    assertOk(await wire.attest({ ...CLAIM, attester: 'anthropic' }), AttestAnswer);
    assert.equal(assertOk(await wire.attest(CLAIM, apiKey), AttestAnswer).development, true);
    const forbidden = await wire.attest({ ...CLAIM, entityType: 'HU.US', attester: 'anthropic' });
    assertRefused(forbidden, 403, 'forbidden', 'entityType');
  });

  test('nobody else attests without a key, and a wrong key is none', async () => {
    await wire.register({ id: 'real', name: 'Real', allowedTypes: ['AI.CA'] });
    for (const attester of ['real', 'nobody', undefined]) {
      assertRefused(await wire.attest({ ...CLAIM, attester }), 401, 'unauthorized', 'authorization');
    }
    assertRefused(
      await wire.attest({ ...CLAIM, attester: 'development' }, 'f'.repeat(64)),
      401,
      'unauthorized',
    );
    const own = { development: true, publicKeyX: '1', publicKeyY: '2' };
    const refused = await wire.register({ id: 'own', name: 'Own', allowedTypes: ['AI.CA'], ...own });
    assertRefused(refused, 400, 'invalid_request', 'development');
  });

  test('the server proves for an attester, and what it proves holds', async () => {
    const registered = await wire.register({ id: 'prover', name: 'Prover', allowedTypes: ['AI.CA'] });
    const { apiKey: key } = assertOk(registered, RegisterAttesterAnswer);
    const body = { entityType: 'AI.CA', entitySecret: SECRET, context: 'session-123' };
    const answer = assertOk(await wire.post('/prove', body, { key }), ProveAnswer);
    const secrets = secretsFromHex(SECRET);
    assert.ok(secrets !== undefined);
    assert.equal(answer.commitment, commitmentOf(secrets).toString());
    assert.equal(answer.publicSignals[1], answer.commitment);
    assert.equal(answer.publicSignals[4], answer.contextId);
    assert.equal(answer.publicSignals[0], nullifierOf(secrets.secret, BigInt(answer.contextId)).toString());
    for (const part of [answer.proof.pi_a[0], answer.proof.pi_b[0]?.[1], answer.proof.pi_c[1]]) {
      assert.match(part ?? '', /^0x[0-9a-f]+$/);
    }
    assert.deepEqual([answer.proof.pi_a[2], answer.proof.pi_b[2]], ['1', ['1', '0']]);
    assert.equal(answer.typeCode, 257);
    const { proof, publicSignals } = answer;
    const verified = assertOk(await wire.verify({ proof, publicSignals }), Verified);
    assert.equal(verified.entityType, 'AI.CA');
  });

  test('it proves for no stranger, no other type and no odd secret', async () => {
    const registered = await wire.register({ id: 'picky', name: 'Picky', allowedTypes: ['AI.CA'] });
    const { apiKey: key } = assertOk(registered, RegisterAttesterAnswer);
    const body = { entityType: 'AI.CA', context: 'session-123' };
    assertRefused(await wire.post('/prove', body), 401, 'unauthorized');
    assertRefused(await wire.post('/prove', { ...body, entityType: 'HU.US' }, { key }), 403, 'forbidden');
    assertRefused(await wire.post('/prove', { ...body, entityType: 'AI.XX' }, { key }), 400, 'invalid_type');
    for (const entitySecret of ['', 'xyz', 'ab'.repeat(8), 'a'.repeat(33), 'ab'.repeat(65)]) {
      const refused = await wire.post('/prove', { ...body, entitySecret }, { key });
      assertRefused(refused, 400, 'invalid_request', 'entitySecret');
    }
    for (const context of ['', 'a\ud800']) {
      const refused = await wire.post('/prove', { ...body, context }, { key });
      assertRefused(refused, 400, 'invalid_request', 'context');
    }
  });
});
