import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RegisterAttesterAnswer } from '@blindpost/protocol/identity';
import { wireRequest } from '@blindpost/testbed/wire-http';
import { assertOk } from '../relay/answers.js';
import { entity } from './house.js';
import { ADMIN, onEveryStage, SECRET } from './stage.js';

await onEveryStage(
  'logs and metrics',
  (stage) => {
    test('show no key, commitment, nullifier, context, domain, id or address, whatever is done or goes wrong', async () => {
      const { wire } = stage;
      const from = '127.0.41.1';
      const id = 'id-to-look-for';
      const contact = 'contact-to-look-for';
      const registered = await wire.register({
        id,
        name: 'name-to-look-for',
        allowedTypes: ['AI.CA'],
        contact,
      });
      const { apiKey, attester } = assertOk(registered, RegisterAttesterAnswer);
      const entityCommitment = entity(5).commitment.toString();
      await wire.post('/attest', { entityCommitment, entityType: 'AI.CA' }, { key: apiKey, from });
      await wire.post(
        '/attest',
        { entityCommitment: 'commitment-to-look-for', entityType: 'AI.CA' },
        { key: apiKey },
      );
      await wire.post('/attest', {}, { key: 'key-to-look-for' });
      const nullifier = '31415926535897932384626433832795';
      await wire.record(
        { nullifier, contextId: 'context-to-look-for', domain: 'domain-to-look-for' },
        { from },
      );
      const point = ['1', '2', '1'];
      const proof = {
        pi_a: point,
        pi_b: [
          ['1', '2'],
          ['1', '2'],
          ['1', '0'],
        ],
        pi_c: point,
        protocol: 'groth16',
      };
      await wire.verify({ proof, publicSignals: [nullifier, entityCommitment, '257', '4', '5'] }, { from });
      await wire.get(`/registry/attesters/${id}/proof?query-to-look-for=1`, { from });
      await wire.get('/registry/attesters/other-to-look-for/proof');
      await wire.get('/path-to-look-for');
      await wire.get('/admin/audit', { key: 'admin-key-to-look-for' });
      await wire.revoke(id);

      const metrics = await wireRequest(`${stage.url}/metrics`);
      const said = stage.server.stdout + stage.server.stderr + metrics.raw.toString();
      assert.match(said, /\/api\/v1\/attest/, 'something is logged');
      for (const text of [
        from,
        apiKey,
        attester.publicKeyX,
        entityCommitment,
        nullifier,
        ADMIN,
        SECRET,
        'to-look-for',
      ]) {
        assert.equal(said.includes(text), false, text);
      }
    });
  },
  { env: { LOG_LEVEL: 'trace' }, stages: ['sqlite'] },
);
