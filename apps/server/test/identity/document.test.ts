/** The document from its beginning to its end, as a client that has read nothing else. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  AttestAnswer,
  AttesterProof,
  Attesters,
  ProvingAssets,
  RecordAnswer,
  RegisterAttesterAnswer,
  RegistryState,
  RevokeAttesterAnswer,
  Verified,
} from '@blindpost/protocol/identity';
import { wireRequest } from '@blindpost/testbed/wire-http';
import { commitmentOf, randomSecrets } from '@blindpost/zk/entity';
import { Prover } from '@blindpost/zk/prover';
import { assertOk, assertRefused } from '../relay/answers.js';
import { onEveryStage, type Stage } from './stage.js';

await onEveryStage('the document', suite, { stages: ['sqlite'] });

function suite(stage: Stage): void {
  let prover: Prover | undefined;
  after(() => prover?.close());

  test('an attester is registered, attests, and its entity proves: every member is there', async () => {
    const { wire } = stage;
    const registered = await wire.register({
      id: 'anthropic',
      name: 'Anthropic',
      allowedTypes: ['AI.CA', 'AI.GN', 'AI.AA'],
      contact: 'security@anthropic.example',
    });
    const { attester, apiKey, registryRoot } = assertOk(registered, RegisterAttesterAnswer);
    assert.deepEqual(Object.keys(attester).sort(), [
      'id',
      'index',
      'name',
      'publicKeyX',
      'publicKeyY',
      'types',
    ]);
    const registry = assertOk(await wire.get('/registry'), RegistryState);
    assert.deepEqual(Object.keys(registry).sort(), ['attestersCount', 'root', 'updatedAt']);
    assert.equal(registry.root, registryRoot);
    const { attesters } = assertOk(await wire.get('/registry/attesters'), Attesters);
    assert.deepEqual(
      attesters.map(({ id, index }) => ({ id, index })),
      [{ id: 'anthropic', index: 0 }],
    );
    const path = assertOk(await wire.get('/registry/attesters/anthropic/proof'), AttesterProof);

    const secrets = randomSecrets();
    const claim = { entityCommitment: commitmentOf(secrets).toString(), entityType: 'AI.CA' };
    const { attestation, merkleProof, ...rest } = assertOk(await wire.attest(claim, apiKey), AttestAnswer);
    assert.deepEqual(rest, { registryRoot });
    assert.deepEqual(merkleProof, { pathElements: path.pathElements, pathIndices: path.pathIndices });

    // What a prover needs comes from where the answer says.
    const { assets } = assertOk(await wire.get('/proving/assets'), ProvingAssets);
    const [wasm, zkey] = await Promise.all(
      [assets.wasm, assets.zkey].map(async (url) => new Uint8Array((await wireRequest(url)).raw)),
    );
    assert.ok(wasm !== undefined && zkey !== undefined);
    prover = new Prover({ wasm, zkey });
    const contextId = Math.floor(Date.now() / 1000).toString();
    const { proof, publicSignals } = await prover.prove({
      claimedType: attestation.typeCode,
      attestersRoot: registryRoot,
      contextId,
      ...secrets,
      attesterPubKeyX: attestation.attesterPubKeyX,
      attesterPubKeyY: attestation.attesterPubKeyY,
      typeMask: attestation.attesterTypeMask,
      signatureR8X: attestation.signatureR8X,
      signatureR8Y: attestation.signatureR8Y,
      signatureS: attestation.signatureS,
      ...merkleProof,
    });

    const verified = assertOk(await wire.verify({ proof, publicSignals }), Verified);
    const { valid, entityType, entityTypeName, phoneticName, registryRootValid, nullifierStatus } = verified;
    assert.deepEqual(
      { valid, entityType, entityTypeName, phoneticName, registryRootValid, nullifierStatus },
      {
        valid: true,
        entityType: 'AI.CA',
        entityTypeName: 'Conversational Agent',
        phoneticName: 'Kah',
        registryRootValid: true,
        nullifierStatus: 'new',
      },
    );
    assert.equal(verified.entityCommitment, claim.entityCommitment);
    // Fresh, of the right kind, and for nobody else.
    const expect = { category: 'AI', contextId, maxAgeMs: 600_000 } as const;
    assertOk(await wire.verify({ proof, publicSignals, expect }), Verified);

    const [nullifier] = publicSignals;
    const body = { nullifier, contextId, domain: 'example.com' };
    assert.deepEqual(assertOk(await wire.record(body), RecordAnswer), { recorded: true, nullifier });
    const again = await wire.record(body);
    assertRefused(again, 409, 'nullifier_used');
    assert.match(String(again.json.message), /^Nullifier already recorded/);

    const forged = { proof: { ...proof, pi_a: proof.pi_c }, publicSignals };
    const invalid = await wire.verify(forged);
    assert.equal(invalid.status, 400);
    assert.deepEqual(invalid.json, {
      valid: false,
      error: 'proof_invalid',
      message: 'Cryptographic verification failed.',
      details: {},
    });

    const revoked = assertOk(await wire.revoke('anthropic'), RevokeAttesterAnswer);
    assert.deepEqual(Object.keys(revoked).sort(), ['attesterId', 'registryRoot', 'revoked']);
    assert.equal((await wire.verify({ proof, publicSignals })).json.error, 'root_mismatch');
    assertRefused(await wire.attest(claim, apiKey), 401, 'unauthorized');
  });
}
