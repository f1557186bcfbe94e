import { AttestAnswer, AttestRequest } from '@blindpost/protocol/identity';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendRefusal } from '../../../platform/http/reply.js';
import { attest } from '../commands/attest.js';
import type { Identity } from '../identity.js';
import { admitAttester } from './attester.js';

/** `POST /attest`: an attester vouches for a type. */
export function mountAttest(app: HttpApp, identity: Identity): void {
  app.post(
    '/attest',
    { schema: { body: AttestRequest, response: { 200: AttestAnswer } } },
    async (request, reply) => {
      const attester = await admitAttester(identity, request, reply, request.body.attester);
      if (attester === null) return reply;
      const result = await attest(identity, attester, request.body);
      return result.ok ? reply.send(result.answer) : sendRefusal(reply, result);
    },
  );
}
