import { refuse } from '@blindpost/protocol/errors';
import {
  AttesterContact,
  AuditQuery,
  AuditTrail,
  isAttesterId,
  RegisterAttester,
  RegisterAttesterAnswer,
  RevokeAttestationAnswer,
  RevokeAttesterAnswer,
} from '@blindpost/protocol/identity';
import Type from 'typebox';
import type { Admin } from '../../../platform/http/admin.js';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendRefusal } from '../../../platform/http/reply.js';
import { uuidBytes, uuidText } from '../../../platform/sql/id.js';
import { revokeAttester } from '../commands/attesters.js';
import { audit } from '../commands/audit.js';
import { registerAttester } from '../commands/register-attester.js';
import type { Identity } from '../identity.js';
import { attesterById } from '../store/attesters.js';
import { revokeAttestation } from '../store/revoke-attestation.js';
import { pageOf } from './page.js';

const Id = Type.Object({ id: Type.String() });

/** `/admin/…`: who is in the registry, and what was done to it. */
export function mountAdmin(app: HttpApp, identity: Identity, admin: Admin): void {
  const { db, clock } = identity;
  app.addHook('onRequest', async (request, reply) => {
    const refusal = await admin.authorise(request.raw);
    return refusal === null ? undefined : sendRefusal(reply, refusal);
  });

  app.post(
    '/admin/attesters',
    { schema: { body: RegisterAttester, response: { 200: RegisterAttesterAnswer } } },
    async (request, reply) => {
      const result = await registerAttester(identity, request.body);
      return result.ok ? reply.send(result.answer) : sendRefusal(reply, result);
    },
  );

  app.get(
    '/admin/attesters/:id',
    { schema: { params: Id, response: { 200: AttesterContact } } },
    async ({ params: { id } }, reply) => {
      const row = isAttesterId(id) ? await db.read(attesterById, { id }) : null;
      if (row === null) return sendRefusal(reply, refuse('attester_not_found', { field: 'id' }));
      return reply.send({ id, contact: row.contact, serverHeldKey: row.sealed_key !== null });
    },
  );

  app.delete(
    '/admin/attesters/:id',
    { schema: { params: Id, response: { 200: RevokeAttesterAnswer } } },
    async ({ params: { id } }, reply) => {
      const result = await revokeAttester(identity, id);
      if (!result.ok) return sendRefusal(reply, result);
      return reply.send({ revoked: true, attesterId: id, registryRoot: result.root });
    },
  );

  app.delete(
    '/admin/attestations/:id',
    { schema: { params: Id, response: { 200: RevokeAttestationAnswer } } },
    async ({ params }, reply) => {
      const id = uuidBytes(params.id);
      const revoked = id !== null && (await db.write(revokeAttestation, { id, now: clock.now() }));
      if (!revoked) return sendRefusal(reply, refuse('not_found', { field: 'id' }));
      return reply.send({ revoked: true, attestationId: uuidText(id) });
    },
  );

  app.get(
    '/admin/audit',
    { schema: { querystring: AuditQuery, response: { 200: AuditTrail } } },
    async ({ query }, reply) => {
      const { entries, more } = await audit(identity, pageOf(query));
      return reply.header('X-Has-More', String(more)).send({ entries });
    },
  );
}
