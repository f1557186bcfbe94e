import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import {
  AttestAnswer,
  AuditTrail,
  RegisterAttesterAnswer,
  RegistryState,
  RevokeAttestationAnswer,
} from '@blindpost/protocol/identity';
import { attestedMessage } from '@blindpost/zk/attester';
import { ENTITY_TYPES, entityTypeByCode } from '@blindpost/zk/entity-types';
import { SCALAR_MODULUS } from '@blindpost/zk/field';
import { rootOfPath } from '@blindpost/zk/registry';
import { verifySignature } from '@blindpost/zk/signature';
import { assertOk, assertRefused } from '../relay/answers.js';
import { entity, houseSignature, joinHouse } from './house.js';
import { ADMIN, onEveryStage } from './stage.js';

const type = entityTypeByCode('AI.CA') ?? assert.fail();
const other = entityTypeByCode('HU.US') ?? assert.fail();
const entityCommitment = entity(1).commitment.toString();
const CLAIM = { entityCommitment, entityType: 'AI.CA' };

await onEveryStage('attestation', (stage) => {
  let houseKey = '';
  let key = '';
  before(async () => {
    houseKey = await joinHouse(stage.wire);
    const registered = await stage.wire.register({
      id: 'lab',
      name: 'Lab',
      allowedTypes: ['AI.CA', 'AI.GN'],
    });
    key = assertOk(registered, RegisterAttesterAnswer).apiKey;
  });

  test('the server signs for an attester whose key it keeps, at every server', async () => {
    for (const wire of stage.wires) {
      const { attestation, merkleProof, registryRoot } = assertOk(
        await wire.attest(CLAIM, key),
        AttestAnswer,
      );
      const { entityType, typeCode, attesterIndex, attesterTypeMask } = attestation;
      assert.deepEqual(
        { entityType, typeCode, attesterIndex, attesterTypeMask },
        { entityType: 'AI.CA', typeCode: 257, attesterIndex: 1, attesterTypeMask: 0b10001 },
      );
      assert.equal(attestation.entityCommitment, entityCommitment);
      const signature = {
        r8: { x: BigInt(attestation.signatureR8X), y: BigInt(attestation.signatureR8Y) },
        s: BigInt(attestation.signatureS),
      };
      const publicKey = { x: BigInt(attestation.attesterPubKeyX), y: BigInt(attestation.attesterPubKeyY) };
      assert.ok(verifySignature(publicKey, attestedMessage(entity(1).commitment, type), signature));
      assert.ok(!verifySignature(publicKey, attestedMessage(entity(1).commitment, other), signature));
      const proof = await wire.get('/registry/attesters/lab/proof');
      const { pathElements, pathIndices } = merkleProof;
      const path = { pathElements: pathElements.map(BigInt), pathIndices };
      assert.equal(rootOfPath(BigInt(String(proof.json.leaf)), path).toString(), registryRoot);
      assert.equal(assertOk(await wire.get('/registry'), RegistryState).root, registryRoot);
    }
  });

  test('an attester that keeps its own key sends the signature, and it is checked', async () => {
    const { wire } = stage;
    const good = { ...CLAIM, ...houseSignature(1, type) };
    const { attestation, development } = assertOk(await wire.attest(good, houseKey), AttestAnswer);
    assert.equal(attestation.signatureS, good.signatureS);
    assert.equal(development, undefined);
    for (const [field, body] of [
      ['signatureR8X', CLAIM],
      ['signatureS', { ...good, signatureS: undefined }],
      ['signatureS', { ...good, ...houseSignature(2, type) }],
      ['signatureS', { ...good, ...houseSignature(1, other) }],
      ['signatureS', { ...good, signatureS: '1' }],
      ['signatureS', { ...good, signatureS: `0${good.signatureS}` }],
      ['signatureR8Y', { ...good, signatureR8Y: 'x' }],
    ] as const) {
      assertRefused(await wire.attest(body, houseKey), 400, 'invalid_request', field);
    }
    assertRefused(await wire.attest(good, key), 400, 'invalid_request', 'signatureR8X');
  });

  test('who is no attester attests nothing', async () => {
    const { wire } = stage;
    const odd = ['', 'x', key.slice(1), `${key}0`, key.toUpperCase(), 'f'.repeat(64), ADMIN];
    assertRefused(await wire.attest(CLAIM), 401, 'unauthorized', 'authorization');
    for (const each of odd)
      assertRefused(await wire.attest(CLAIM, each), 401, 'unauthorized', 'authorization');
    // Nor is one named in the body instead.
    assertRefused(await wire.attest({ ...CLAIM, attester: 'lab' }), 401, 'unauthorized');
    assertRefused(await wire.attest({ ...CLAIM, attester: 'house' }, key), 403, 'forbidden', 'attester');
    assert.equal((await wire.attest({ ...CLAIM, attester: 'lab' }, key)).status, 200);
  });

  test('types that the attester may not attest are forbidden, and names of no type are unknown', async () => {
    const { wire } = stage;
    for (const { code } of ENTITY_TYPES) {
      const answer = await wire.attest({ ...CLAIM, entityType: code }, key);
      if (code === 'AI.CA' || code === 'AI.GN') assert.equal(answer.status, 200);
      else assertRefused(answer, 403, 'forbidden', 'entityType');
    }
    for (const code of [
      'constructor',
      '__proto__',
      'toString',
      '',
      'AI',
      'ai.ca',
      '257',
      'x'.repeat(5_000),
    ]) {
      assertRefused(
        await wire.attest({ ...CLAIM, entityType: code }, key),
        400,
        'invalid_type',
        'entityType',
      );
    }
    assertRefused(
      await wire.attest({ ...CLAIM, entityType: 257 }, key),
      400,
      'invalid_request',
      'entityType',
    );
  });

  test('a commitment is a number of the field in its one spelling, or hex that is answered as that', async () => {
    const { wire } = stage;
    const hex = `0x${BigInt(entityCommitment).toString(16)}`;
    const answer = assertOk(await wire.attest({ ...CLAIM, entityCommitment: hex }, key), AttestAnswer);
    assert.equal(answer.attestation.entityCommitment, entityCommitment);
    for (const odd of ['', '-1', '01', '1e3', '0x', ' 1', 'x', '1.0', `${SCALAR_MODULUS}`, '٣']) {
      const refused = await wire.attest({ ...CLAIM, entityCommitment: odd }, key);
      assertRefused(refused, 400, 'invalid_commitment', 'entityCommitment');
    }
    for (const odd of [1, null, ['1'], { x: 1 }, undefined]) {
      const refused = await wire.attest({ ...CLAIM, entityCommitment: odd }, key);
      assertRefused(refused, 400, 'invalid_request', 'entityCommitment');
    }
  });

  test('an expiry is a time to come', async () => {
    const { wire } = stage;
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const answer = assertOk(await wire.attest({ ...CLAIM, expiresAt }, key), AttestAnswer);
    assert.equal(answer.attestation.expiresAt, expiresAt);
    for (const odd of ['tomorrow', '2020-01-01T00:00:00Z', '2999-13-01T00:00:00Z', '9999999999']) {
      assertRefused(
        await wire.attest({ ...CLAIM, expiresAt: odd }, key),
        400,
        'invalid_request',
        'expiresAt',
      );
    }
  });

  test('an attestation is revoked once, by the admin, and the trail tells so', async () => {
    const { wire } = stage;
    const { attestation } = assertOk(await wire.attest(CLAIM, key), AttestAnswer);
    const path = `/admin/attestations/${attestation.id}`;
    assertRefused(await wire.delete(path, { key }), 401, 'unauthorized');
    const answer = await wire.delete(path, { key: ADMIN });
    assert.deepEqual(assertOk(answer, RevokeAttestationAnswer), {
      revoked: true,
      attestationId: attestation.id,
    });
    assertRefused(await wire.delete(path, { key: ADMIN }), 404, 'not_found', 'id');
    for (const odd of ['x', '00000000-0000-4000-8000-000000000000', '%00']) {
      assertRefused(await wire.delete(`/admin/attestations/${odd}`, { key: ADMIN }), 404, 'not_found');
    }
    const { entries } = assertOk(await wire.get('/admin/audit', { key: ADMIN }), AuditTrail);
    const [created, revoked] = entries.filter(({ subject }) => subject === attestation.id);
    assert.deepEqual([created?.event, revoked?.event], ['attestation_created', 'attestation_revoked']);
    assert.deepEqual(created?.details, { attester: 'lab', typeCode: 257 });
  });

  test('a revoked attester attests nothing any more, at no server', async () => {
    assert.equal((await stage.wire.revoke('lab')).status, 200);
    for (const wire of stage.wires) assertRefused(await wire.attest(CLAIM, key), 401, 'unauthorized');
  });

  test('the server does not prove in production', async () => {
    const body = { entityType: 'AI.CA', context: 'session-123' };
    assertRefused(await stage.wire.post('/prove', body, { key: houseKey }), 404, 'not_found');
    assertRefused(await stage.wire.post('/prove', body), 404, 'not_found');
  });
});
