import { ProveAnswer, ProveRequest } from '@blindpost/protocol/identity';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendRefusal } from '../../../platform/http/reply.js';
import { prove } from '../commands/prove.js';
import type { Identity } from '../identity.js';
import type { Proofs } from '../proving/proofs.js';
import { admitAttester } from './attester.js';

/** `POST /prove`: an entity, attested and proven by the server. Never mounted in production. */
export function mountProve(app: HttpApp, identity: Identity, proofs: Proofs): void {
  app.post(
    '/prove',
    { schema: { body: ProveRequest, response: { 200: ProveAnswer } } },
    async (request, reply) => {
      const attester = await admitAttester(identity, request, reply);
      if (attester === null) return reply;
      const result = await prove(identity, proofs, attester, request.body);
      return result.ok ? reply.send(result.answer) : sendRefusal(reply, result);
    },
  );
}
